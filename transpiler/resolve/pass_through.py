"""Argo's own fields of a task over those of `defaults`, with their places: what the rules judge is what Argo gets."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.argo.template_kinds import KINDS
from transpiler.build.placed_merge import copied, over
from transpiler.model.task import PassThrough
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map


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
    result = copied(node)
    for key in keys:
        del result[key]
    return result


def _with_program(template: Map, program: str, main: Map | None) -> Map:
    if main is None:
        return template
    whole = copied(template)
    whole[program] = main
    return whole
