"""Two versions of a component → the changes, and whether they break manifests that use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeVar

from msgspec.structs import replace

from transpiler.diagnostics import Span, excerpt
from transpiler.model.component import Component
from transpiler.model.expressions.types import Type
from transpiler.model.ports import Input, Output
from transpiler.suggest import did_you_mean
from transpiler.views.changes import Change
from transpiler.views.content import content
from transpiler.views.entries import Entry

Port = TypeVar("Port", Input, Output)
_IMAGE: Final = frozenset(["image"])
"""The field of an implementation that has a change of its own."""


def diff(old: Entry, new: Entry) -> list[Change]:
    """The changes of one component: breaking ones first, then in the order of the old file."""
    found = diff_components(old.component, new.component)
    return sorted((replace(change, component=old.reference) for change in found), key=lambda each: each.order)


def diff_components(old: Component, new: Component) -> Iterator[Change]:
    """The changes of a component, in the order of its parts."""
    yield from diff_inputs(old.inputs, new.inputs)
    yield from _outputs(old, new)
    yield from _rest(old, new)


def diff_inputs(old: tuple[Input, ...], new: tuple[Input, ...]) -> Iterator[Change]:
    """The changes of the inputs of a component or pipeline."""
    kept, gone, come = _paired(old, new)
    yield from _lost("input", kept, gone, come)
    for after in come:
        level, need = ("breaking", "is new and required") if after.required else ("safe", "is new and optional")
        yield Change("input-added", level, f"input `{after.name}` {need}", None, after.span, after.name)
    for before, after in kept:
        yield from _need(before, after)
        yield from _type("input", before, after, fits_still=_takes_as_much(before.type, after.type))
        yield from _description(f"of input `{after.name}`", before, after)


def _outputs(old: Component, new: Component) -> Iterator[Change]:
    kept, gone, come = _paired(old.outputs, new.outputs)
    yield from _lost("output", kept, gone, come)
    for after in come:
        yield _new_output(old, after)
    for before, after in kept:
        yield from _type("output", before, after, fits_still=_gives_as_much(before.type, after.type))
        yield from _description(f"of output `{after.name}`", before, after)


def _paired(old: tuple[Port, ...], new: tuple[Port, ...]) -> tuple[list[tuple[Port, Port]], list[Port], list[Port]]:
    """Those of one name together, those that are gone, and those that have come."""
    before, after = ({port.name: port for port in ports} for ports in (old, new))
    kept = [(port, after[port.name]) for port in old if port.name in after]
    gone = [port for port in old if port.name not in after]
    return kept, gone, [port for port in new if port.name not in before]


def _lost(what: str, kept: list[tuple[Port, Port]], gone: list[Port], come: list[Port]) -> Iterator[Change]:
    """The removed and renamed ports; renamed ones are moved to `kept`."""
    for before in gone:
        after = _renamed(before, come)
        if after is None:
            message = f"{what} `{before.name}` was removed"
            yield Change(f"{what}-removed", "breaking", message, before.span, None, before.name)
        else:
            message = f"{what} `{before.name}` was renamed to `{after.name}`"
            yield Change(f"{what}-renamed", "breaking", message, before.span, after.span, before.name)
            come.remove(after)
            kept.append((before, after))


def _renamed(old: Port, come: list[Port]) -> Port | None:
    """The new port of the same type with a name similar to the old one."""
    similar = {_letters(port.name): port for port in reversed(come) if not _changed(old.type, port.type)}
    return similar.get(did_you_mean(_letters(old.name), similar))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def _need(old: Input, new: Input) -> Iterator[Change]:
    """Changes of whether an input is required, and of its default."""
    places = (_default_place(old), _default_place(new), new.name)
    if new.required and not old.required:
        why = "its default was removed" if old.default is not None else "it was optional"
        yield Change("input-required", "breaking", f"input `{new.name}` is now required: {why}", *places)
    elif old.required and not new.required:
        yield Change("input-optional", "safe", f"input `{new.name}` is now optional", *places)
    elif old.default != new.default:
        message = f"the default of input `{new.name}` is {_shown(new.default)}, not {_shown(old.default)}"
        yield Change("default-changed", "notice", message, *places)


def _default_place(given: Input) -> Span:
    return given.default_span if given.default is not None and given.default_span else given.span


def _shown(text: str | None) -> str:
    if not text:
        return "none" if text is None else "the empty string"
    return f"`{excerpt(text)}`"


def _type(what: str, old: Port, new: Port, *, fits_still: bool) -> Iterator[Change]:
    if _changed(old.type, new.type):
        message = f"the type of {what} `{new.name}` is {new.type.shown}, not {old.type.shown}"
        level = "safe" if fits_still else "breaking"
        yield Change(f"{what}-type-changed", level, message, old.span, new.span, new.name)


def _changed(old: Type, new: Type) -> bool:
    """False for two spellings of one type."""
    return (old.name, old.properties) != (new.name, new.properties)


def _takes_as_much(old: Type, new: Type) -> bool:
    """True when every type that `fits` the old one fits the new one."""
    if (old.name, new.name) == ("Integer", "Float"):
        return True
    return not new.name or (new.name == old.name and set(new.properties) <= set(old.properties))


def _gives_as_much(old: Type, new: Type) -> bool:
    """True if the new type is accepted wherever the old one is, and is not less specific."""
    if (old.name, new.name) == ("Float", "Integer"):
        return True
    return bool(old.name) and new.name == old.name and set(new.properties) <= set(old.properties)


def _new_output(old: Component, output: Output) -> Change:
    """Safe, except for `tasks.NAME.output`, which stands for the only output."""
    message, level = f"output `{output.name}` is new", "safe"
    if len(old.outputs) == 1:
        level, message = "notice", f"{message}, so that `.output` no longer means `{old.outputs[0].name}`"
    return Change("output-added", level, message, None, output.span, output.name)


def _rest(old: Component, new: Component) -> Iterator[Change]:
    if old.name != new.name:
        yield Change("name-changed", "safe", f"the name is `{new.name}`, not `{old.name}`", old.span, new.span)
    yield from _description("of the component", old, new)
    before, after = old.implementation, new.implementation
    one, other = before.container, after.container
    if one is not None and other is not None and one.image != other.image:
        message = f"the image is {_shown(other.image)}, not {_shown(one.image)}"
        yield Change("image-changed", "notice", message, one.image_span, other.image_span)
    if content(before, leave=_IMAGE) != content(after, leave=_IMAGE):
        message = (
            "its implementation changed"
            if type(before) is type(after)
            else "a graph became a container, or the reverse"
        )
        yield Change("implementation-changed", "notice", message, old.span, new.span)
    if content(old.settings) != content(new.settings):
        yield Change("settings-changed", "notice", "the settings of its pods changed", old.span, new.span)
    if (old.labels, old.annotations) != (new.labels, new.annotations):
        yield Change("metadata-changed", "safe", "its labels or annotations changed", old.span, new.span)


def _description(whose: str, old: Component | Input | Output, new: Component | Input | Output) -> Iterator[Change]:
    if old.description.split() != new.description.split():
        yield Change("description-changed", "safe", f"the description {whose} changed", old.span, new.span)
