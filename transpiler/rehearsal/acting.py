"""A pod → what its fake makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from transpiler.engine.protocol import Ended, InputFile, OutputValue, Pod
from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY, Type
from transpiler.model.ports import RESULT
from transpiler.plan.argo_objects import Node
from transpiler.rehearsal.model import Fake, FakedTask, Given, Item
from transpiler.rehearsal.values import outputs_of, plausible, text_of
from transpiler.runs.homes import Home
from transpiler.runs.places import Path

_NAMED = {"http": "", "plugin": ""}
"""Kind of a template → the container that Argo names when it fails; `main` for every pod."""
_LATE = "Pod was active on the node longer than the specified deadline"


class Part(Struct, frozen=True):
    """A fake, and the executions that it is for."""

    items: tuple[Item | None, ...]
    """For each loop around the task, and its own."""
    faked: FakedTask

    @property
    def rank(self) -> tuple[bool, int]:
        """Of several that fit, the one of the case itself, and then the one that says most, counts."""
        return not self.faked.is_shared, sum(each is not None for each in self.items)

    def contradicts(self, other: Part) -> bool:
        """True if one says that a program runs, and the other, for the same executions, that it does not."""
        same = self.items == other.items and self.faked.is_shared == other.faked.is_shared
        return same and self.faked.is_real != other.faked.is_real

    def fits(self, home: Home) -> bool:
        """True if it is for an execution."""
        pairs = zip(self.items, home.at, home.items, strict=False)
        return all(item is None or item.fits(number, text) for item, number, text in pairs)


class Cast:
    """Who plays what in a case: path of a task → its fakes."""

    def __init__(self, parts: Mapping[Path, Sequence[Part]], kept: Mapping[Path, Sequence[Part]] | None = None) -> None:
        """`kept`: path of a task → the results of it that a cache holds."""
        self._parts, self._kept = _ranked(parts), _ranked(kept or {})
        self.has_kept = bool(kept)
        self._reached: dict[int, int] = {}
        self._outputs: dict[int, dict[str, Type]] = {}

    def kept(self, home: Home) -> Fake | None:
        """The result of an execution that a cache holds."""
        parts = self._kept.get(home.path or (), ()) if not home.is_below else ()
        part = next((part for part in parts if part.fits(home)), None)
        return self._reach(part, 0) if part is not None else None

    def said_of(self, home: Home) -> FakedTask | None:
        """What the file says of an execution."""
        part = self._part(home)
        return part.faked if part is not None else None

    def fake(self, home: Home) -> Fake | None:
        """What an execution does; None if nobody says."""
        part = self._part(home)
        return self._reach(part, home.attempt) if part is not None else None

    def _part(self, home: Home) -> Part | None:
        return next((part for part in self._parts.get(home.path or (), ()) if part.fits(home)), None)

    def _reach(self, part: Part, attempt: int) -> Fake:
        """What a part says of a try."""
        at = min(attempt, len(part.faked.tries) - 1)
        self._reached[id(part)] = max(at + 1, self._reached.get(id(part), 0))
        return part.faked.tries[at]

    def reached(self) -> Iterator[tuple[FakedTask, int]]:
        """All that the file says of tasks, each with how many of its tries somebody has come to."""
        for part in (each for parts in (self._parts, self._kept) for some in parts.values() for each in some):
            yield part.faked, self._reached.get(id(part), 0)

    def types(self, component: Component) -> dict[str, Type]:
        """Output in Argo → its type."""
        known = self._outputs.get(id(component))
        if known is None:
            names = outputs_of(component)
            known = {names[each.name]: each.type for each in component.outputs if each.name in names}
            self._outputs[id(component)] = known
        return known


def _ranked(parts: Mapping[Path, Sequence[Part]]) -> dict[Path, list[Part]]:
    return {path: sorted(each, key=lambda part: part.rank, reverse=True) for path, each in parts.items()}


class Act(Struct, frozen=True):
    """How a pod ends, after so many seconds, and the text in each file that it leaves."""

    seconds: float
    ended: Ended
    files: dict[str, str]


def act(pod: Pod, home: Home, cast: Cast, now: float) -> Act:
    """What a pod does that starts now."""
    fake = cast.fake(home)
    seconds = fake.seconds if fake is not None else 1.0
    if pod.deadline is not None and seconds > pod.deadline:
        late = Ended(pod.node, now + pod.deadline, "Failed", None, _LATE)
        return Act(pod.deadline, late, {})
    leaves = _Leaves(pod, home, cast, fake)
    return Act(seconds, _end(pod, fake, leaves, now + seconds), leaves.texts)


def _end(pod: Pod, fake: Fake | None, leaves: _Leaves, at: float) -> Ended:
    phase = fake.phase if fake is not None else "Succeeded"
    if phase == "Succeeded" and leaves.missing:
        message = f"wait: Error (exit code 64): open {leaves.missing}: no such file or directory"
        return Ended(pod.node, at, "Error", None, message, leaves.values, leaves.files)
    if fake is None or phase == "Succeeded":
        message = fake.message if fake is not None else ""
        return Ended(pod.node, at, "Succeeded", 0, message, leaves.values, leaves.files, leaves.result)
    if phase == "Error":
        return Ended(pod.node, at, "Error", fake.exit_code, fake.message or "Error (by its fake)", {}, {}, None)
    code = fake.exit_code if fake.exit_code is not None else 1
    message = fake.message or f"{_NAMED.get(pod.kind, 'main: ')}Error (exit code {code})"
    given = {each.name for each in fake.outputs}
    values = {name: text for name, text in leaves.values.items() if leaves.name_of(name) in given}
    files = {name: key for name, key in leaves.files.items() if leaves.name_of(name) in given}
    return Ended(pod.node, at, "Failed", code, message, values, files, leaves.result if fake.prints else None)


class Texts:
    """The texts of the outputs of an execution, by their names in Argo."""

    def __init__(self, home: Home, cast: Cast, fake: Fake | None) -> None:
        component = home.call.component if home.call is not None and not home.is_below else None
        self._component = component
        self._types = cast.types(component) if component is not None else {}
        self._own = {argo: name for name, argo in (outputs_of(component) if component is not None else {}).items()}
        self._given = {each.name: each for each in (fake.outputs if fake is not None else ())}

    def name_of(self, argo: str) -> str:
        """An output as its component names it."""
        return self._own.get(argo, argo)

    def text(self, argo: str) -> str | None:
        """The text of an output; None for one that is not written."""
        name, kind = self.name_of(argo), self._types.get(argo, ANY)
        given = self._given.get(name)
        if given is None:
            return plausible(kind, name)
        return text_of(given, kind) if given.value is not None else None

    def printed(self, *, is_list: bool = False) -> str:
        """The value of the output that is printed."""
        outputs = self._component.outputs if self._component is not None else ()
        printed = next((each for each in outputs if each.is_printed), None)
        name, kind = (printed.name, printed.type) if printed is not None else (RESULT, ANY)
        given = self._given.get(name)
        if given is not None and given.value is not None:
            return text_of(given, kind)
        return "[]" if is_list else plausible(kind, name)


class _Leaves:
    """What a pod leaves: values, files, and what it prints."""

    def __init__(self, pod: Pod, home: Home, cast: Cast, fake: Fake | None) -> None:
        self._texts = Texts(home, cast, fake)
        self.name_of = self._texts.name_of
        self.missing = ""
        """The path of a file that it has to write, and does not."""
        self.values: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        for value in pod.outputs.values:
            self._value(value)
        for file in pod.outputs.files:
            text = self._texts.text(file.name)
            if text is not None:
                self.files[file.name], self.texts[file.key] = file.key, text
            elif not file.is_optional:
                self.missing = file.path
        self.result = self._result(fake.prints if fake is not None else None, pod) if pod.wants_result else None

    def _value(self, value: OutputValue) -> None:
        text = self._texts.text(value.name)
        text = value.default if text is None else text
        if text is None:
            self.missing = value.path or value.name
        else:
            self.values[value.name] = text

    def _result(self, prints: Given | None, pod: Pod) -> str:
        """What it prints: what the fake says, or else the value of the output that is printed."""
        return text_of(prints) if prints is not None else self._texts.printed(is_list=pod.kind == "data")


def answer(wants: Sequence[str], inputs: Sequence[Node], home: Home, cast: Cast) -> dict[str, str]:
    """What somebody supplies to a task that waits."""
    return dict(_answers(wants, inputs, home, cast))


def _answers(wants: Sequence[str], inputs: Sequence[Node], home: Home, cast: Cast) -> Iterator[tuple[str, str]]:
    fake = cast.fake(home)
    given = {each.name: each for each in (fake.outputs if fake is not None else ())}
    component = home.call.component if home.call is not None else None
    types = cast.types(component) if component is not None else {}
    own = {argo: name for name, argo in (outputs_of(component) if component is not None else {}).items()}
    offered = {str(each.get("name")): each for each in inputs}
    for argo in wants:
        name, kind = own.get(argo, argo), types.get(argo, ANY)
        choice = (offered.get(argo, {}).get("enum") or [offered.get(argo, {}).get("default")])[0]
        if name in given and given[name].value is not None:
            yield argo, text_of(given[name], kind)
        elif name not in given:
            yield argo, str(choice) if choice is not None else plausible(kind, name)


def text_in(file: InputFile, texts: Mapping[str, str]) -> str | None:
    """The text in a file that a pod is given; None if that is not known."""
    source = file.source or {}
    if "key" in source:
        return texts.get(source["key"])
    raw = source.get("raw")
    return str(raw.get("data", "")) if isinstance(raw, dict) else None
