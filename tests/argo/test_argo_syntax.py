"""Argo's small languages: what we call unreadable Argo cannot read, and the other way round."""

from __future__ import annotations

import json
import re
import time
from itertools import combinations

import pytest

from tests.judges import argo
from transpiler.argo.artifacts import STORES, lost
from transpiler.argo.conditions import when_fault
from transpiler.argo.durations import is_duration
from transpiler.argo.expressions import expression_fault
from transpiler.build.depends import parse_depends
from transpiler.diagnostics import Source

READABLE = {
    "expression": """
        asInt(lastRetry.exitCode) > 1 && lastRetry.status != "Error"
        inputs.parameters['my-name'] ?? "none"
        a?.b ?? c?.[0]
        {a: 1, "b": 2, (c): 3}
        [1, 2, 3,]
        filter(1..9, {# > 2 and # not in [3, 4]}) | map(# * 2)
        map(tasks, .name)
        reduce(1..9, #acc + #)
        x[1:2] + x[:2] + x[1:]
        not (a in b) or a not contains 'c'
        a ? b : c ? d : e
        a ?: b
        let x = 1; x + 1
        if a { b } else { c }
        "a" + 'b' + `c`
        1e3 + .5 + 0x1F + 1_000 + 1.
        -a ** 2 % 3
        a startsWith 'b' && c endsWith 'd' && e matches 'f'
        sprig.trim(tasks['a-b'].outputs.result)
        a // comment
        f()
        {}
        """,
    "when": """
        {{x}} == true
        '{{x}}' == 'a-b'
        "{{x}}" != "a b"
        {{x}} > 3 && -1 < {{x}} || !(2 == {{x}})
        {{x}} in ('a', 'b')
        true
        ({{x}} == a) || ({{x}} == b)
        """,
    "depends": """
        a
        a && b || !c
        (a || b) && c-d
        a-1.Succeeded || a-1.Failed
        !(a && b.AnySucceeded)
        """,
    "duration": "90 5m 1h30m 1.5h .5s 300ms 0 -1 +3s",
}
UNREADABLE = {
    "expression": """
        a b
        a &&
        && a
        a & b
        (a
        a)
        "abc
        a = b
        a,
        f(a,,b)
        a.
        [1 2]
        {a b}
        a ! b
        @x
        a['b'
        a[]
        ()
        a ? b
        a : b
        a in
        in a
        true false
        """,
    "when": """
        {{x}} = 3
        {{x}} ==
        == {{x}}
        {{x}} == b c
        {{x}} == a-b
        {{x}} == v1.2
        {{x}} == a.b
        {{x}} == 1.2.3
        ({{x}} == 1
        {{x}} == 1)
        {{x}} == "1
        {{x}} &&
        {{x}} === 1
        """,
    "depends": """
        a &&
        && a
        a & b
        a b
        a, b
        a and b
        (a
        a)
        a && && b
        ()
        """,
    "duration": "abc 2d 1h-3m 1e3 5min h",
}


def cases(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (kind, text.strip())
        for kind, lines in texts.items()
        for text in (lines.split() if kind == "duration" else lines.strip().splitlines())
    ]


def fault(kind: str, text: str) -> str:
    if kind == "duration":
        return "" if is_duration(text, seconds=True) else "no duration"
    if kind == "depends":
        found = parse_depends(text, Source("manifest", text).span).fault
        return found.message if found is not None else ""
    return when_fault(text) if kind == "when" else expression_fault(text)


@pytest.mark.parametrize(("kind", "text"), cases(READABLE))
def test_readable(kind: str, text: str) -> None:
    assert fault(kind, text) == ""


@pytest.mark.parametrize(("kind", "text"), cases(UNREADABLE))
def test_unreadable(kind: str, text: str) -> None:
    assert fault(kind, text)


@pytest.mark.parametrize("unit", ["(", "{{", "a-", "'\\'", "[", " ", "{{a", "a.", "/* ", '"'])
@pytest.mark.parametrize("kind", ["when", "depends", "expression"])
def test_long_texts_are_judged_in_bounded_time(kind: str, unit: str) -> None:
    started = time.process_time()
    fault(kind, unit * (100_000 // len(unit)))
    assert time.process_time() - started < 5, "a bound against hanging, not a measure of speed"


def test_argo_agrees() -> None:
    if argo.build() is None:
        pytest.skip("Argo's module is not at hand: install Go, or run .ci/run")
    readable, unreadable = cases(READABLE), cases(UNREADABLE)
    said = argo.syntax([(kind, re.sub(r"\{\{.*?\}\}", "1", text)) for kind, text in (*readable, *unreadable)])
    assert [(case, why) for case, why in zip(readable, said, strict=False) if why] == []
    assert [case for case, why in zip(unreadable, said[len(readable) :], strict=True) if not why] == []


SECRET = {"name": "a", "key": "b"}
PLACES: dict[str, dict[str, object]] = {
    "s3": {"endpoint": "e", "bucket": "b", "key": "k", "region": "r", "accessKeySecret": SECRET, "insecure": True},
    "gcs": {"bucket": "b", "key": "k", "serviceAccountKeySecret": SECRET},
    "azure": {"endpoint": "e", "container": "c", "blob": "k", "useSDKCreds": True},
    "oss": {"endpoint": "e", "bucket": "b", "key": "k", "accessKeySecret": SECRET},
    "hdfs": {"addresses": ["a"], "path": "k", "hdfsUser": "u"},
    "http": {"url": "https://example.com/k", "headers": [{"name": "a", "value": "b"}]},
    "git": {"repo": "r", "revision": "v"},
    "raw": {"data": "d"},
    "artifactory": {"url": "https://example.com/k", "usernameSecret": SECRET, "passwordSecret": SECRET},
    "plugin": {"name": "n", "configuration": "c", "key": "k"},
}
"""A place in each kind of store with all that it may say, as far as that decides anything."""
NEEDED = {"http": {"url"}, "git": {"repo"}, "hdfs": {"path"}, "artifactory": {"url"}}
"""What Argo's schema asks for in any case."""


def places() -> list[tuple[str, dict[str, object]]]:
    """Each part of each place that Argo's schema lets through."""
    parts = (
        (kind, dict(given))
        for kind, whole in PLACES.items()
        for size in range(1, len(whole) + 1)
        for given in combinations(whole.items(), size)
    )
    return [(kind, given) for kind, given in parts if NEEDED.get(kind, set()) <= given.keys()]


def test_what_is_lost_of_a_place_is_what_argo_drops() -> None:
    if argo.build() is None:
        pytest.skip("Argo's module is not at hand: install Go, or run .ci/run")
    assert STORES.keys() == PLACES.keys()
    asked = places()
    said = argo.syntax([("location", json.dumps({kind: given})) for kind, given in asked])
    for (kind, given), kept in zip(asked, said, strict=True):
        key = {name: value for name, value in given.items() if name == STORES[kind].key}
        drops = kept != "" and given != key
        assert (lost({kind: given}) is not None) == drops, (kind, given, kept)
