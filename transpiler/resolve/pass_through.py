"""Argo's own fields of a task over those of `defaults`, with their places: what the rules judge is what Argo gets.

The same merging as `transpiler.argo.merge`, on mappings that know their lines. All of one file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from transpiler.argo.merge import BY_NAME, FREE, GROWING
from transpiler.argo.template_kinds import KINDS
from transpiler.model.task import PassThrough
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map, Mark


def with_defaults(own: PassThrough, defaults: PassThrough) -> PassThrough:
    """The fields of a task, with what they leave out taken from `defaults`; without those that are `null`."""
    parts = ((own.task, None), (own.template, defaults.template), (own.container, defaults.container))
    return PassThrough(*(over(default, mine) for mine, default in parts))


def whole_template(template: Map, program: str, passed: PassThrough) -> Map:
    """A template of a task's own with the fields that are merged into it; `program` holds its one container."""
    main = over(fields.mapping(template, program), passed.container) if program else None
    return over(_with_program(template, program, main), _of_its_kind(passed.template, template)) or template


def beneath_template(template: Map, program: str, defaults: PassThrough) -> Map:
    """A template of a task's own with what `defaults` add to it."""
    main = over(defaults.container, fields.mapping(template, program)) if program else None
    return over(_of_its_kind(defaults.template, template), _with_program(template, program, main)) or template


def _of_its_kind(part: Map | None, template: Map) -> Map | None:
    """Fields to merge into a template without those that would make two things of it, which is a mistake of its own."""
    others = [key for key in KINDS if part is not None and key in part and key not in template]
    return part if part is None or not others else _without(part, others)


def _without(node: Map, keys: Iterable[str]) -> Map:
    result = _copy(node)
    for key in keys:
        del result[key]
    return result


def _with_program(template: Map, program: str, main: Map | None) -> Map:
    if main is None:
        return template
    whole = _copy(template)
    whole[program] = main
    return whole


def over(default: Map | None, own: Map | None) -> Map | None:
    """The fields of one mapping over those of another."""
    if default is None or own is None:
        return without_nulls(own) if own is not None else default
    result = _copy(default)
    result.faulty |= own.faulty
    for key, value in own.items():
        if value is None:
            result.pop(key, None)
            continue
        is_new = key not in default or value in ({}, [])
        result[key] = value if key in FREE else _kept(value) if is_new else _joined(key, default[key], value)
        result.keys_at[key], result.values_at[key] = own.keys_at[key], own.values_at[key]
    return result


def without_nulls(node: Map) -> Map:
    """A mapping without its fields that are `null`."""
    result = _copy(node)
    for key, value in node.items():
        if value is None:
            del result[key]
        elif key not in FREE:
            result[key] = _kept(value)
    return result


def _kept(value: Any) -> Any:
    if isinstance(value, Map):
        return without_nulls(value)
    return _list(value, [(_kept(item), mark) for item, mark in _entries(value)]) if isinstance(value, List) else value


def _joined(key: str, default: Any, own: Any) -> Any:
    if isinstance(default, Map) and isinstance(own, Map):
        return over(default, own)
    if isinstance(default, List) and isinstance(own, List):
        if key in GROWING:
            return _list(own, [*_entries(default), *_entries(own)])
        if key in BY_NAME:
            return _by_name(default, own, BY_NAME[key])
    return _kept(own)


def _by_name(default: List, own: List, key: str) -> List:
    named = {_name(item, key): (item, mark) for item, mark in _entries(own)}
    entries = []
    for item, mark in _entries(default):
        mine = named.pop(_name(item, key), None)
        entries.append((item, mark) if mine is None else (over(item, mine[0]), mine[1]))
    return _list(own, [*entries, *((_kept(item), mark) for item, mark in named.values())])


def _name(item: Any, name: str) -> object:
    found = item.get(name) if isinstance(item, Map) else None
    return found.get("name") if isinstance(found, Map) else found


def _entries(items: List) -> list[tuple[Any, Mark]]:
    return list(zip(items, items.items_at, strict=True))


def _list(like: List, entries: list[tuple[Any, Mark]]) -> List:
    new = List(like.source, like.mark)
    new.is_faulty = like.is_faulty
    new.extend(item for item, _ in entries)
    new.items_at = [mark for _, mark in entries]
    return new


def _copy(node: Map) -> Map:
    new = Map(node.source, node.mark)
    new.update(node)
    new.keys_at, new.values_at = dict(node.keys_at), dict(node.values_at)
    new.is_partial, new.faulty = node.is_partial, set(node.faulty)
    return new
