"""A pattern is refused exactly where Argo's engine cannot read it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judges.controller import Controller
from transpiler.argo.re2 import fault_of

PIECES = (
    *("a", "z", "-", "^", "$", ".", "é", " ", ",", "9", ":", "<", "=", "!", "|", "*", "+", "?", "{", "]", "[", "[^"),
    *("(", "(?:", "(?i)", "(?P<n>", "(?<n>", "(?=", "(?!", "(?<=", "(?i-s:", "(?-", "(?)", "(?i-:", "(?P=n)", ")", ")"),
    *("{2}", "{2,}", "{,3}", "{1000}", "{1001}", "{0}", "{3,2}", "{31}", "{40}", "{0,1}", "{007}"),
    *("[a-z]", "[z-a]", "[:alpha:]", "[[:alpha:]]", "[[:^digit:]]", "[[:foo:]]"),
    *("\\", "\\d", "\\pL", "\\p{Greek}", "\\p{^Lu}", "\\p{foo}", "\\p", "\\p{", "\\Q", "\\E", "\\A", "\\z", "\\Z"),
    *("\\b", "\\B", "\\C", "\\1", "\\12", "\\0", "\\08", "\\x4", "\\x41", "\\x{10FFFF}", "\\x{110000}", "\\x{}"),
    *("\\_", "\\-", "\\é", "\\u", "\\n", "\\h", "\\K"),
)
BATCH = 150


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join), min_size=BATCH, max_size=BATCH))
def test_patterns(controller: Controller, patterns: list[str]) -> None:
    tasks = [
        {"name": f"t{number}", "template": "t", "when": f"{{{{= 'a' matches {literal(pattern)} }}}}"}
        for number, pattern in enumerate(patterns)
    ]
    container = {"image": "a", "command": ["a"]}
    templates = [{"name": "main", "dag": {"tasks": tasks}}, {"name": "t", "container": container}]
    spec = {"entrypoint": "main", "templates": templates}
    workflow = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}
    dag = controller.run(json.dumps(workflow))
    for number, pattern in enumerate(patterns):
        became = dag.tasks[f"t{number}"]
        is_read = not became.error and all(not run.error for run in became.runs)
        assert is_read == (fault_of(pattern) == ""), f"{pattern!r}: {fault_of(pattern) or became}"


def literal(pattern: str) -> str:
    """A text of the engine, in which Argo finds no tag."""
    escaped = pattern.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("{{", "{' + '{").replace("}}", "}' + '}") + "'"
