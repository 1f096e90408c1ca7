"""Times in expressions: their literals, formats and zones, which Argo's engine reads only during a run."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from transpiler.argo.strftime import EXAMPLE, LAYOUTS, SECONDS, format_fault
from transpiler.check.expressions.literals import report_literal
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import Constant, Expression, FunctionCall
from transpiler.patterns import regex
from transpiler.resources import schema
from transpiler.suggest import suggestion

_TIME: Final = regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{2}:[0-9]{2}:[0-9]{2})?"
)


def check_times(node: FunctionCall, time: Expression, report: Report) -> None:
    """The arguments of a function of times."""
    report_literal(time, _time, report)
    if node.name != "formatTime" or len(node.arguments) < 2:
        return
    form, *zone = node.arguments[1:]
    if not isinstance(form, Constant):
        message = "the format of a time is read when the manifest is compiled: it must be a string here"
        report.error("wrong-constant", message, form.span, EXAMPLE)
    else:
        report_literal(form, _format, report)
    for each in zone:
        report_literal(each, _zone, report)


def _time(text: str) -> tuple[str, str]:
    hint = "write a date such as '2026-01-31', or a time such as '2026-01-31T03:00:00Z'"
    return ("", "") if _is_time(text) else (f"`{text}` is not a time", hint)


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _format(text: str) -> tuple[str, str]:
    fault = format_fault(text)
    if fault:
        letters = ", ".join(f"%{letter}" for letter in (*LAYOUTS, SECONDS))
        return f"a format of times has no `{fault}`", f"it has {letters}, and %% for a %"
    return ("", "") if "%" in text else (f"`{text}` is not a format of times", EXAMPLE)


def _zone(text: str) -> tuple[str, str]:
    zones = schema("pipeline")["$defs"]["timeZone"]["enum"]
    if text in zones:
        return "", ""
    return f"`{text}` is not a time zone", suggestion(text, zones, "") or "write an IANA name, such as Europe/Berlin"
