"""`env`, `secrets` and `envFrom` of a task: the variables of its container."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from transpiler.build.argo_data import tree_of
from transpiler.build.value import value_of
from transpiler.diagnostics import Report
from transpiler.model.argo_data import Slot, Tree
from transpiler.model.expressions.tree import Text
from transpiler.model.settings import Named, SecretKey, VariablesFrom
from transpiler.model.values import Literal, Value
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map, Unusable


def build_env(body: Map, report: Report) -> Iterator[Named | tuple[str, Tree]]:
    """`env`: a text, or where Kubernetes takes the value from."""
    env = fields.mapping(body, "env")
    for name in env or ():  # in the order of the file: Kubernetes lets a variable refer to those before it
        assert env is not None
        if env.hides(name):
            continue
        if isinstance(env[name], Map):
            tree = _taken_from(env, name, report)
            if tree is not None:
                yield name, tree
        elif (value := value_of(env, name, report)) is not None:
            yield Named(name, env.value_span(name), value)


def _taken_from(env: Map, name: str, report: Report) -> Tree | None:
    """Where a variable gets its value, in Kubernetes' fields."""
    given = env[name]
    if "valueFrom" in given or not fields.is_complete(given):
        return tree_of(env, name, report)
    for key in (key for key in ("configMap", "key") if key not in given):
        hint = "write {configMap: NAME, key: KEY}; a key of a Secret stands under `secrets`"
        report.error("missing-key", f"`{name}` has no `{key}`", env.key_span(name), hint)
        return None
    source = filled_tree({"name": (given, "configMap"), "key": (given, "key"), **optional(given)}, report)
    return source.below("valueFrom", "configMapKeyRef")


def build_secrets(body: Map, report: Report) -> Iterator[SecretKey]:
    """`secrets`: variable → `SECRET/KEY`, or `{secret, key, optional}`."""
    secrets, env = fields.mapping(body, "secrets"), fields.mapping(body, "env")
    for name in sorted(secrets or ()):
        assert secrets is not None
        if secrets[name] is None:
            continue
        if env is not None and env.get(name) is not None:
            message = f"the variable `{name}` is set in `env` too"
            report.error("duplicate-name", message, secrets.key_span(name), "delete one of them")
        elif not secrets.hides(name):
            yield from _secret(secrets, name, report)


def _secret(secrets: Map, name: str, report: Report) -> Iterator[SecretKey]:
    given, span = secrets[name], secrets.value_span(name)
    if isinstance(given, Map):
        secret = value_of(given, "secret", report) if fields.is_complete(given) else None
        if isinstance(secret, (Literal, Text)):
            is_optional = given.get("optional") is True
            yield SecretKey(name, span, secret, fields.text(given, "key"), is_optional=is_optional)
        return
    value = value_of(secrets, name, report)
    if value is None or isinstance(value, Unusable):
        return
    found, key = _parted(value)
    if found is None:
        message = f"`{fields.text(secrets, name)}` is not a key of a Secret"
        report.error("wrong-value", message, span, "write SECRET/KEY")
    else:
        yield SecretKey(name, span, found, key)


def _parted(value: Literal | Text) -> tuple[Value | None, str]:
    """The Secret and the key that a text names; None when it does not."""
    parts = value.parts if isinstance(value, Text) else (str(value.value),)
    name, slash, key = parts[-1].rpartition("/") if isinstance(parts[-1], str) else ("", "", "")
    before = (*parts[:-1], *([name] if name else []))
    is_path = any(isinstance(part, str) and "/" in part for part in before)
    if not slash or not before or is_path or not re.fullmatch(r"[-._a-zA-Z0-9]+", key):
        return None, ""
    return (Text(before) if isinstance(value, Text) else Literal(name, name)), key


# ------------------------------------------------------------------ envFrom

_REFS: Final = {
    "secret": "secretRef",
    "configMap": "configMapRef",
    "secretRef": "secretRef",
    "configMapRef": "configMapRef",
}
"""Key of an item, short or Kubernetes' own → the field that it becomes."""


def build_env_from(body: Map, report: Report) -> Iterator[VariablesFrom]:
    """`envFrom`: Secrets and ConfigMaps whose keys are all variables."""
    items = fields.items(body, "envFrom")
    for index, given in enumerate(items if isinstance(items, List) else ()):
        if not isinstance(given, Map) or not fields.is_complete(given):
            continue
        assert isinstance(items, List)
        kinds = [key for key in _REFS if key in given]
        if len(kinds) != 1:
            code = "conflicting-keys" if kinds else "missing-key"
            message = "an item of `envFrom` needs one of `secret`, `configMap`"
            report.error(code, message, items.item_span(index), "for example {secret: shop}; write an item for each")
        else:
            yield VariablesFrom(items.item_span(index), _all_keys(given, kinds[0], report))


def _all_keys(given: Map, kind: str, report: Report) -> Tree:
    own = given[kind] if isinstance(given[kind], Map) else None
    source = {"name": (given, kind) if own is None else (own, "name"), **optional(given if own is None else own)}
    tree = filled_tree(source, report).below(_REFS[kind])
    prefix = filled_tree({"prefix": (given, "prefix")}, report)
    return Tree({**prefix.data, **tree.data}, (*prefix.slots, *tree.slots))


def optional(given: Map) -> dict[str, Any]:
    """The field of a source that may be missing."""
    return {"optional": True} if given.get("optional") is True else {}


def filled_tree(source: Mapping[str, Any], report: Report) -> Tree:
    """Data whose fields are plain, or a mapping of a manifest and the key in it, where references may stand."""
    data: dict[str, Any] = {}
    slots: list[Slot] = []
    for field, given in source.items():
        if not isinstance(given, tuple):
            data[field] = given
            continue
        parent, key = given
        if key in parent:
            value = value_of(parent, key, report)
            data[field] = "" if isinstance(value, Text) else plain(parent[key])
            slots += [Slot((field,), value)] if isinstance(value, Text) else []
    return Tree(data, tuple(slots))
