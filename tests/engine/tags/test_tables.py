"""Each line of the tables means to us what it means to Argo."""

from __future__ import annotations

from typing import Any

from tests.engine.tags.differences import differences, table
from tests.judges.evaluate import Asked

VALUES: dict[str, Any] = {
    "inputs.parameters.a": "x",
    "inputs.parameters.n": "3",
    "inputs.parameters.my-p": "5",
    "item": "7",
    "tasks.t.outputs.result": "[1,2]",
    "tasks.s.outputs.parameters.o": None,
    "s": "str",
}
SCOPE: dict[str, Any] = {
    "inputs.parameters.a": 'x"y\n',
    "inputs.parameters.b": "{{inputs.parameters.a}}",
    "inputs.parameters.c": "1",
    "n": "3",
    "none": None,
    "num": 5,
    "esc": "a\x1bb",
    "tasks.t.outputs.parameters.o": "O",
    "item": "7",
    "item.k": "v",
    "lt": "a<b&c",
    "workflow.name": "wf",
}
STORE = (
    '{"s":{"b":[{"c":"r","p":8.95,"i":"x"},{"c":"f","p":12.99},{"c":"f","p":8.99,"i":"y"}],"n":5},'
    '"e":10,"k k":1,"length":3,"l":"abc","z":null}'
)
PLACEHOLDER = {"p": "__argo__internal__placeholder-1"}


def test_expressions() -> None:
    assert differences([Asked("expression", line, VALUES) for line in table("expressions")]) == []


def test_functions_of_sprig() -> None:
    assert differences([Asked("expression", line, {"x": "1"}) for line in table("sprig")]) == []


def test_paths() -> None:
    requests = [Asked("expression", f"jsonpath(j, `{line}`)", {"j": STORE}) for line in table("paths")]
    assert differences(requests) == []


def test_conditions() -> None:
    assert differences([Asked("when", line) for line in table("conditions")]) == []


def test_tags() -> None:
    lines = table("tags")
    requests = [Asked("replace", line, SCOPE, allow) for line in lines for allow in (True, False)]
    requests += [Asked("replace", line, SCOPE, strict=each) for line in lines for each in (["tasks", "steps"], [])]
    requests += [Asked("replace", line, PLACEHOLDER) for line in ('"{{=nope}}"', '"{{=1+}}"')]
    assert differences(requests) == []


def test_one_tag_as_a_value() -> None:
    texts = ("{{n}}", "n", "{{=n}}", "{{nope}}", "{{=nope}}", "{{=n + 1}}", "{{none}}", "{{=none}}", "{{ n }}")
    requests = [Asked("resolve", text, SCOPE) for text in (*texts, "{{=len(n)}}", "{{=asInt(n)}}")]
    assert differences(requests) == []
