"""Bytes of a file of tests → its cases. Reports what is wrong in it, whatever the manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from transpiler.argo.quantities import seconds
from transpiler.diagnostics import Report, Span
from transpiler.model.run_arguments import RunArgument
from transpiler.model.values import Literal
from transpiler.read.documents import TESTS
from transpiler.read.load import load
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, List, Map
from transpiler.rehearsal.model import SECONDS, Case, Expectation, ExpectedTask, Fake, FakedTask, Given, Said, Tests
from transpiler.suggest import suggestion

_PHASE: Final = "Succeeded"
"""What is expected of a run if the file does not say."""


def read_tests(name: str, data: bytes, report: Report) -> Tests | None:
    """The cases of a file; None if there are none that can be used. What has a reported mistake is left out."""
    document = load(name, data, TESTS, report)
    cases = fields.mapping(document, "cases") if document is not None else None
    if document is None or cases is None:
        return None
    found = tuple(_case(key, cases, document) for key in _in_order(cases))
    _check_after(found, report)
    return Tests(document.span, found, tuple(document.key_span(key) for key in document))


def _check_after(cases: Sequence[Case], report: Report) -> None:
    """Report a case that comes after one that is not there, or after itself."""
    after = {each.name: each.after for each in cases if each.after is not None}
    names = [each.name for each in cases]
    for name, said in after.items():
        if said.value not in names:
            message = f"there is no case `{said.value}`"
            report.error("unknown-name", message, said.span, suggestion(str(said.value), names, "cases"))
            continue
        seen, at = {name}, str(said.value)
        while at in after and at not in seen:
            seen.add(at)
            at = str(after[at].value)
        if at == name:
            report.error("wrong-value", f"`{name}` comes after itself", said.span, "one of the cases must come first")


def _in_order(mapping: Map) -> list[str]:
    """The keys in the order of the file, which the reader sorts by name."""
    return sorted(mapping, key=lambda key: mapping.keys_at[key].start)


def _case(name: str, cases: Map, document: Map) -> Case:
    span, own = cases.key_span(name), fields.mapping(cases, name) or Map(document.source, cases.keys_at[name])
    stop = _seconds(own, "stopAfter")
    inputs = {each.name: each for home in (document, own) for each in _inputs(home)}
    return Case(
        name,
        span,
        _expectation(own, span),
        _said(own, "env", str),
        tuple(inputs.values()),
        (*_acts(document, is_shared=True), *_acts(own)),
        (*_cached(document, is_shared=True), *_cached(own)),
        *_after(own),
        stop.value if stop is not None else None,
    )


def _after(own: Map) -> tuple[Said | None, float]:
    """The case that comes first, and the time between."""
    inner = fields.mapping(own, "after")
    if inner is None:
        return _said(own, "after", str), 0.0
    later = _seconds(inner, "later")
    return _said(inner, "case", str), later.value if later is not None else 0.0


def _inputs(home: Map) -> Iterator[RunArgument]:
    for each in _givens(home, "inputs"):
        if each.value is not None:
            yield RunArgument(each.name, each.name_span, Literal(each.value, each.written), each.span)


def _givens(home: Map, key: str) -> tuple[Given, ...]:
    """The named values of a mapping."""
    values = fields.mapping(home, key)
    if values is None:
        return ()
    return tuple(
        Given(name, values.key_span(name), values[name], values.written(name), values.value_span(name))
        for name in _in_order(values)
        if fields.is_complete(values[name])
    )


def _said(home: Map, key: str, *kinds: type) -> Said | None:
    """A value of one of these types."""
    value = home.get(key)
    if not isinstance(value, kinds) or isinstance(value, bool) or not fields.is_complete(value):
        return None
    return Said(value, home.value_span(key))


def _seconds(home: Map, key: str) -> Said | None:
    """A duration in seconds."""
    said = _said(home, key, str, int)
    if said is None:
        return None
    whole = said.value if isinstance(said.value, int) else _exact(said.value)
    return Said(float(whole), said.span)


def _exact(duration: str) -> float:
    """The seconds of a duration, which may be less than one."""
    is_in_milliseconds = duration.endswith("ms") and duration[:-2].replace(".", "", 1).isdigit()
    return float(duration[:-2]) / 1000 if is_in_milliseconds else float(seconds(duration))


# ---------------------------------------------------------------------- fakes, and what is none


def _acts(home: Map, *, is_shared: bool = False) -> Iterator[FakedTask]:
    yield from _fakes(home, is_shared=is_shared)
    for said in _words(home, "real"):
        yield FakedTask(said.value, said.span, (Fake(said.span, is_real=True),), is_shared)


def _cached(home: Map, *, is_shared: bool = False) -> Iterator[FakedTask]:
    """The tasks whose results are in a cache."""
    found = fields.mapping(home, "cached")
    for name in _in_order(found) if found is not None else ():
        assert found is not None
        span = found.key_span(name)
        if found[name] is None or isinstance(found[name], Map):
            yield FakedTask(name, span, (Fake(span, outputs=_givens(found, name)),), is_shared, is_kept=True)


def _fakes(home: Map, *, is_shared: bool = False) -> Iterator[FakedTask]:
    found = fields.mapping(home, "fakes")
    for name in _in_order(found) if found is not None else ():
        assert found is not None
        value = found[name]
        if isinstance(value, List):
            tries = [_fake(value, number, value.item_span(number)) for number in range(len(value))]
        else:
            tries = [_fake(found, name, found.value_span(name))]
        usable = tuple(each for each in tries if each is not None)
        if usable and len(usable) == len(tries):
            yield FakedTask(name, found.key_span(name), usable, is_shared)


def _fake(home: Any, key: Any, span: Span) -> Fake | None:
    """What a task does in a try; None for a value with a reported mistake."""
    value = home[key]
    if isinstance(value, bool) or value is UNUSABLE:
        return None
    if isinstance(value, int):
        return Fake(span, "Failed" if value else "Succeeded", value)
    if isinstance(value, str):
        return Fake(span, value)
    return _fake_of(value, span) if isinstance(value, Map) else None


def _fake_of(value: Map, span: Span) -> Fake:
    code, duration = _said(value, "exitCode", int), _seconds(value, "duration")
    exit_code = code.value if code is not None else None
    prints = next(iter(_named(value, "prints")), None)
    return Fake(
        span,
        fields.text(value, "phase") or ("Failed" if exit_code else "Succeeded"),
        exit_code,
        fields.text(value, "message"),
        duration.value if duration is not None else SECONDS,
        _givens(value, "outputs"),
        prints,
    )


def _named(home: Map, key: str) -> Iterator[Given]:
    if key in home and fields.is_complete(home[key]):
        yield Given(key, home.key_span(key), home[key], home.written(key), home.value_span(key))


# ---------------------------------------------------------------------- expectations


def _expectation(case: Map, span: Span) -> Expectation:
    value = case.get("expect")
    if isinstance(value, str):
        return Expectation(Said(value, case.value_span("expect")))
    if not isinstance(value, Map):
        return Expectation(Said(_PHASE, span))
    return Expectation(
        _said(value, "phase", str) or Said(_PHASE, case.key_span("expect")),
        _said(value, "message", str),
        _seconds(value, "duration"),
        _givens(value, "outputs"),
        tuple(_tasks(value)),
        tuple(_words(value, "order")),
    )


def _words(home: Map, key: str) -> Sequence[Said]:
    value = home.get(key)
    if not isinstance(value, List):
        return ()
    return [Said(each, value.item_span(number)) for number, each in enumerate(value) if isinstance(each, str)]


def _tasks(home: Map) -> Iterator[ExpectedTask]:
    found = fields.mapping(home, "tasks")
    for name in _in_order(found) if found is not None else ():
        assert found is not None
        value, span = found[name], found.key_span(name)
        if isinstance(value, str):
            yield ExpectedTask(name, span, Said(value, found.value_span(name)))
        elif isinstance(value, Map):
            yield ExpectedTask(
                name,
                span,
                _said(value, "phase", str),
                _said(value, "message", str),
                _said(value, "tries", int),
                _said(value, "items", int),
                _givens(value, "arguments"),
                _givens(value, "outputs"),
                _said(value, "command", str, list),
                _givens(value, "env"),
                Said(value["cached"], value.value_span("cached")) if isinstance(value.get("cached"), bool) else None,
            )
