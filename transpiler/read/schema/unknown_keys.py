"""A key that a mapping may not have → the key that was meant, where it belongs, or what the mapping has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any, Final

from msgspec import Struct

from transpiler.diagnostics import Report, excerpt
from transpiler.read.schema import argo_fields
from transpiler.read.schema.dedented import dedented, report_dedented
from transpiler.read.schema.finding import Failure, Place
from transpiler.read.schema.homes import home_of_body, way_home
from transpiler.read.schema.run_together import key_in
from transpiler.read.schema.vocabulary import SHAPED, meaning
from transpiler.read.schema.work import of_program, work_of_task
from transpiler.read.yaml.nodes import Map
from transpiler.suggest import correction, did_you_mean, listing

MAX_UNKNOWN: Final = 100
"""Unknown keys of one mapping that are reported: looking for what each might have meant takes time."""
CLOSE: Final = 0.7
"""How much a key must look like one that is known, of 1: half of the letters make no word of it."""
_CONTAINER_BELOW: Final = (
    "write the container of a component as `implementation: {container: {image: ..., command: ...}}`"
)
_TEXT_OF_A_FILE: Final = (
    "a component says its program itself; `{file: ...}` works in a task with "
    "`template: {script: {image: ..., command: [...], source: {file: ...}}}`"
)
_ALL: Final = {"pipeline": "`transpile schema pipeline` prints all keys"}


def report_unknown_keys(error: Failure, place: Place, name: str, report: Report) -> None:
    """Report each unknown key of a mapping. `name` is the schema's."""
    keys = _Keys(error, place, name, argo_fields.owners(name, error.schema_path))
    node, where = place.node, f" in Argo's {argo_fields.shown(keys.owners[-1])}" if keys.owners else ""
    unknown = keys.unknown()
    for group in dedented(node, keys.known) if not keys.owners else ():
        report_dedented(group, node, report)
        unknown = [key for key in unknown if key not in group.keys]
    program = _of_container(unknown, keys.known, node) if not keys.owners else []
    node.incomplete_keys.update(key for key in program[1:] if key in unknown[:MAX_UNKNOWN])
    for key in unknown[:MAX_UNKNOWN]:
        if key not in program[1:]:
            hint = keys.hint(key, is_program=key in program)
            report.error("unknown-key", f"unknown key `{excerpt(key)}`{where}", node.key_span(key), hint)


class _Keys(Struct, frozen=True, dict=True):
    """The keys of a mapping, and those that it may have. `owners` are Argo's types that it is a part of."""

    error: Failure
    place: Place
    name: str
    owners: Sequence[str]

    @property
    def known(self) -> Any:
        """The keys that it may have, with their schemas."""
        return self.error.schema.get("properties", {})

    def unknown(self) -> list[str]:
        """The keys that it may not have. One of a broken line may be anything: it is not reported."""
        node = self.place.node
        found = [key for key in node if key not in self.known]
        if any(key in node.incomplete_keys for key in found):
            node.is_incomplete = True
        return [key for key in found if key not in node.incomplete_keys]

    def hint(self, key: str, *, is_program: bool) -> str:
        """What to do about an unknown key; what it means is marked as there."""
        node = self.place.node
        together, run_together = key_in(key, node[key], self._missing)
        home = self._home(key)
        meant = together or self._meant(key, has_home=bool(home))
        split = _split_text(key, node)
        node.incomplete_keys |= {key, meant, *(_before(key, node) if split else ())}
        if key == "file" and "inputValue" in self.known:
            return _TEXT_OF_A_FILE
        if is_program and "templateRef" not in self.known:
            return _CONTAINER_BELOW
        return run_together or split or self._instead(key, meant) or self._elsewhere(key) or home or self._here

    def _home(self, key: str) -> str:
        if self.owners:
            return ""
        node = self.place.node
        at_the_top = not self.place.path and self.name == "pipeline"
        return way_home(key, node, self.known, self.name) or (home_of_body(node[key]) if at_the_top else "")

    @cached_property
    def _missing(self) -> list[str]:
        return [key for key in self.known if key not in self.place.node]

    def _meant(self, key: str, *, has_home: bool) -> str:
        """The missing key that was meant: by a word of another tool, or with a slip."""
        is_work = "templateRef" in self.known and bool(work_of_task(key, self.place.node))
        said = "" if is_work else meaning(key, self._missing)
        return said or ("" if has_home else did_you_mean(key, self._missing, CLOSE))

    def _instead(self, key: str, meant: str) -> str:
        return (SHAPED.get(key, "") or correction(key, meant)) if meant and not self.owners else ""

    def _elsewhere(self, key: str) -> str:
        """Where Argo has the key, or the word for it that stands beside it."""
        if self.owners:
            return argo_fields.way_out(key, self.owners, self.place.node)
        there = meaning(key, self.place.node)
        return f"`{key}` means `{there}`, which is there already" if there else ""

    @property
    def _here(self) -> str:
        return self.error.schema.get("x-hint") or listing(self.known, "keys here") or _ALL.get(self.name, "")


def _of_container(unknown: list[str], known: Collection[str], node: Map) -> list[str]:
    """The keys of a container that stand in the component, or in the reference to one: they are one mistake."""
    if "templateRef" in known:
        return of_program(unknown, node)
    is_component = "implementation" in known or "digest" in known
    return [key for key in unknown if is_component and key in {"image", "command", "args", "fileOutputs"}]


def _split_text(key: str, node: Map) -> str:
    """A key without value inside `{ }` is mostly the rest of a text with a comma."""
    in_braces = node.source.text.startswith("{", node.mark.start)
    return "quote the whole string: inside { }, a comma ends it" if in_braces and node[key] is None else ""


def _before(key: str, node: Map) -> set[str]:
    """The key whose text goes on in another key."""
    keys = list(node.keys_at)
    at = keys.index(key)
    return {keys[at - 1]} if at and isinstance(node.get(keys[at - 1]), str) else set()
