"""What reports promise beside their content: fingerprints as GitHub computes them, and its limits."""

from __future__ import annotations

import gzip
import json

import pytest

from transpiler.diagnostics import Diagnostic, Source
from transpiler.report import gitlab, sarif
from transpiler.report.findings import Findings
from transpiler.report.fingerprints import line_hashes

HELLO = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"
HELLO_HASHES = [
    "8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1", "b86d3392aea1be30:1",
    "e6ceba753e1a442:1",
]  # fmt: skip
REPEATED_HASHES = [
    *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)), "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
    "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hashes"),
    [("", ["c129715d7a2bc9a3:1"]), (HELLO, HELLO_HASHES), ("Lorem ipsum dolor sit amet.\n" * 10, REPEATED_HASHES)],
)
def test_the_hash_of_a_line_is_that_of_githubs_uploader(text: str, hashes: list[str]) -> None:
    """The values are those of the tests of github/codeql-action, which warns when a log has others."""
    assert line_hashes(text, range(1, len(hashes) + 5)) == dict(enumerate(hashes, start=1))


def problems(count: int, severity: str, name: str) -> list[Diagnostic]:
    source = Source(name, "same: line\n" * count)
    code = "empty-range" if severity == "warning" else "unknown-key"
    return [Diagnostic(code, severity, f"problem {at}", source.span(11 * at, 11 * at + 4)) for at in range(count)]


def test_a_log_keeps_within_githubs_limits_and_says_so() -> None:
    found = problems(5500, "warning", "a.yaml") + problems(700, "error", "z.yaml")
    findings = Findings(found, paths={"a.yaml": "a.yaml", "z.yaml": "z.yaml"})
    text = sarif.render(findings)
    run = json.loads(text)["runs"][0]
    levels = [each["level"] for each in run["results"]]
    assert (levels.count("error"), levels.count("warning")) == (700, 4300)
    assert levels[:700] == ["error"] * 700
    note = run["invocations"][0]["toolExecutionNotifications"][0]
    assert "5,000 of 6,200" in note["message"]["text"]
    assert sarif.left_out(findings)
    assert not sarif.left_out(Findings(found[:5000]))
    assert len(gzip.compress(text.encode())) < 10_000_000


def test_fingerprints_are_unique_among_equal_lines() -> None:
    findings = Findings(problems(300, "error", "a.yaml") + problems(300, "error", "b.yaml"))
    prints = [each["fingerprint"] for each in json.loads(gitlab.render(findings))]
    assert len(set(prints)) == len(prints) == 600
    ours = [each["partialFingerprints"] for each in json.loads(sarif.render(findings))["runs"][0]["results"]]
    assert [each["transpile/v1"] for each in ours] == prints
    assert len({(each["primaryLocationLineHash"], at // 300) for at, each in enumerate(ours)}) == 600
