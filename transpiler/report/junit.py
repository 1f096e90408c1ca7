"""`--format junit`: test results as JUnit XML, which Jenkins, GitLab, Azure and others show.

A suite for each file. A diagnostic is a test case that fails; a warning is one that passes, unless `--strict` lets it
fail the run. A file without failures has a case `check` that passes, or those tests in it that have passed. GitLab
compares runs by the names of cases: they stay when lines move, and occur once in a suite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from transpiler.diagnostics import Diagnostic
from transpiler.report.findings import Findings
from transpiler.report.safe import safe
from transpiler.report.text import block


def render(findings: Findings) -> str:
    """The document; ASCII, so that it is what it declares whatever the encoding of the stream."""
    by_file: dict[str, list[Diagnostic]] = {name: [] for name in findings.files}
    for each in findings.diagnostics:
        by_file.setdefault(each.span.source.name, []).append(each)
    suites = [
        _Suite(findings, safe(findings.path(name)), found, findings.passed.get(name, ()))
        for name, found in sorted(by_file.items())
    ]
    tests, failures = sum(each.tests for each in suites), sum(each.failures for each in suites)
    head = f'<testsuites name="transpile" tests="{tests}" failures="{failures}" errors="0">'
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>{head}']
    lines += [line for suite in suites for line in suite.lines()]
    return "\n".join([*lines, "</testsuites>\n"]).encode("ascii", "xmlcharrefreplace").decode()


class _Suite:
    """The test cases of one file."""

    def __init__(self, findings: Findings, path: str, found: Sequence[Diagnostic], passed: Sequence[str] = ()) -> None:
        self.findings, self.path, self.found = findings, path, found
        self.failures = sum(findings.fails(each) for each in found)
        self.passed = passed or ([] if self.failures else ["check"])
        self.tests = len(found) + len(self.passed)
        self._names: Counter[str] = Counter()

    def lines(self) -> Iterator[str]:
        """The suite as lines of XML."""
        counted = f'tests="{self.tests}" failures="{self.failures}" errors="0" skipped="0"'
        yield f"  <testsuite name={quoteattr(self.path)} {counted}>"
        for name in self.passed:
            yield f"    <testcase {self._named(safe(name))}/>"
        for each in self.found:
            yield from self._case(each)
        yield "  </testsuite>"

    def _case(self, diagnostic: Diagnostic) -> Iterator[str]:
        message = safe(diagnostic.message)
        text = escape("\n".join(block(diagnostic, color=False)))
        yield f'    <testcase {self._named(f"{diagnostic.code}: {message}")} line="{diagnostic.span.line}">'
        if self.findings.fails(diagnostic):
            yield f'      <failure type="{diagnostic.severity}" message={quoteattr(message)}>{text}</failure>'
        else:
            yield f"      <system-out>{text}</system-out>"
        yield "    </testcase>"

    def _named(self, name: str) -> str:
        self._names[name] += 1
        number = self._names[name]
        unique = name if number == 1 else f"{name} ({number})"
        return f"name={quoteattr(unique)} classname={quoteattr(self.path)} file={quoteattr(self.path)}"
