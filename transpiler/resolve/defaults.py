"""Settings over the `defaults` of their manifest: field by field, and less what the task takes off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from transpiler.argo.kubelet import in_order_of_use, variables
from transpiler.argo.quantities import is_device
from transpiler.model.expressions.tree import EnvReference, Text
from transpiler.model.settings import KEYS, NO_SETTINGS, PLACES, Named, Resource, Settings, Storage
from transpiler.model.values import Literal, Value

Path = tuple[str, ...]
"""The keys of a manifest that lead to a setting."""


def over(own: Settings, defaults: Settings) -> Settings:
    """The settings of a task, with what they leave out taken from `defaults`; named ones are merged name by name."""
    if not defaults:
        return own.settled
    left = tuple(each for each in own.removed if not _has(defaults, each.path))
    for each in own.removed:
        defaults = without(defaults, each.path)
    defaults = replace(defaults, env=_without(defaults.env, own.secrets), secrets=_without(defaults.secrets, own.env))
    changes = {
        field: _joined(field, getattr(own, field), getattr(defaults, field))
        for field in (name for name in own.__struct_fields__ if name not in PLACES)
    }
    return replace(own, **changes, removed=left).settled


def _joined(field: str, own: Any, default: Any) -> Any:
    """What counts of a field of both."""
    if not own or not default:
        return own if own is False else own or default
    if field in _TREES:
        return own.over(default)
    if field == "env_from":  # of equal variables, Kubernetes takes the last
        return (*(each for each in default if all(each.source != mine.source for mine in own)), *own)
    if field not in _NAMED:
        return own
    both = _merged(own, default)
    return tuple(in_order_of_use({_name(item): item for item in both}, _used)) if field == "env" else both


def _has(settings: Settings, path: Path) -> bool:
    return without(settings, path) != settings


def without(settings: Settings, path: Path) -> Settings:
    """Settings without what stands under some keys."""
    key, *names = path
    if key == "resources" and names[:1] in (["requests"], ["limits"]):
        return replace(settings, resources=_without_halves(settings.resources, names))
    if key in {"env", "secrets"} and names:  # one variable, wherever its value comes from
        return replace(settings, env=_unnamed(settings.env, names[0]), secrets=_unnamed(settings.secrets, names[0]))
    if names and key != "argo":
        left: dict[str, Any] = {_FIELDS[key]: _unnamed(getattr(settings, _FIELDS[key]), names[0])}
        return replace(settings, **left)
    gone = [f"argo_{name}" for name in names or _ARGO] if key == "argo" else [_FIELDS[key]]
    return replace(settings, **{field: getattr(NO_SETTINGS, field) for field in gone})


def beneath(defaults: Settings, template: Mapping[str, Any], program: str) -> Settings:
    """What `defaults` still say of a task with a template of its own, which says some of it itself."""
    for path in _said(template, program):
        defaults = without(defaults, path)
    whole, main = defaults.argo_template, defaults.argo_container
    return replace(
        defaults,
        argo_template=whole.beneath(template) if whole is not None else None,
        argo_container=main.beneath(template.get(program, {})) if main is not None else None,
    )


def _said(template: Mapping[str, Any], program: str) -> Iterator[Path]:
    """The settings that a template of Argo's own has in its own fields."""
    yield from ((key,) for key, field in _WHOLE.items() if field in template)
    yield from (("nodeSelector", name) for name in template.get("nodeSelector", ()))
    for key in ("labels", "annotations"):
        yield from ((key, name) for name in template.get("metadata", {}).get(key, ()))
    main = template.get(program, {})
    yield from ((key,) for key, field in _OF_CONTAINER.items() if main.get(field))
    yield from (("env", each["name"]) for each in main.get("env", ()) if "name" in each)
    yield from (
        ("volumes", each["mountPath"].rstrip("/") or "/")
        for each in main.get("volumeMounts", ())
        if "mountPath" in each
    )
    for half in ("requests", "limits"):
        yield from (("resources", half, name) for name in main.get("resources", {}).get(half, ()))


_WHOLE: Final = {key.name: key.argo for key in KEYS if key.argo}
"""Setting of one value → the field of a template that it becomes."""
_OF_CONTAINER: Final = {key.name: key.container for key in KEYS if key.container}
"""The same for a field of its container."""
_NAMED: Final = frozenset(key.field for key in KEYS if key.is_by_name)
_ARGO: Final = ("template", "container", "task")
_TREES: Final = {f"argo_{part}" for part in _ARGO}
_FIELDS: Final = {key.name: key.field for key in KEYS}
"""Key of a manifest → the field of Settings."""


def _unnamed(settings: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    return tuple(each for each in settings if _name(each) != name)


def _without_halves(resources: tuple[Resource, ...], path: list[str]) -> tuple[Resource, ...]:
    """Resources without all requests, or limits, or without the one of a name."""
    name = "".join(path[1:])
    half: dict[str, Any] = {{"requests": "request", "limits": "limit"}[path[0]]: None}
    kept = (replace(each, **half) if name in {"", each.name} else each for each in resources)
    return tuple(each for each in kept if each.request is not None or each.limit is not None)


def _without(variables: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    """Variables but for those that another setting gives a value."""
    taken = {_name(item) for item in others}
    return tuple(item for item in variables if _name(item) not in taken)


def _merged(own: tuple[Any, ...], default: tuple[Any, ...]) -> tuple[Any, ...]:
    """Settings of both, name by name; one that takes the place of a default stands there."""
    named = {_name(item): item for item in own}
    replaced = tuple(_one(named.pop(_name(item), item), item) for item in default)
    return (*replaced, *named.values())


def _one(own: Any, default: Any) -> Any:
    """A setting over the default of its name. Of a resource, request and limit are two fields; not of a device."""
    if isinstance(own, Storage):
        return replace(own, fields=own.fields.over(default.fields))
    if not isinstance(own, Resource) or is_device(own.name):
        return own
    return replace(own, request=_first(own.request, default.request), limit=_first(own.limit, default.limit))


def _first(own: Value | None, default: Value | None) -> Value | None:
    return default if own is None else own


def _used(variable: Any) -> list[str]:
    value = variable.value if isinstance(variable, Named) else None
    text = value.outline if isinstance(value, Text) else str(value.value) if isinstance(value, Literal) else ""
    parts = value.parts if isinstance(value, Text) else ()
    return [*variables(text), *(part.name for part in parts if isinstance(part, EnvReference))]


def _name(item: Any) -> str:
    name = item[0] if isinstance(item, tuple) else getattr(item, "path", None) or item.name
    return str(name)
