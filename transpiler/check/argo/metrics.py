"""Metrics in Argo's own fields. Source: `workflow/metrics`."""

from __future__ import annotations

from typing import Final

from transpiler.check.argo.nodes import check_one_of, name_of, place, text_of
from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_NAME: Final = regex(r"[a-zA-Z_][a-zA-Z0-9_]*")
_KINDS: Final = ("gauge", "counter", "histogram")


def check_metrics(metrics: Map, report: Report) -> None:
    """The metrics that a template or a Workflow emits."""
    found = fields.mappings(metrics, "prometheus")
    for metric in found:
        name = name_of(metric)
        if name and not _NAME.fullmatch(name):
            hint = "the name of a metric has letters, digits and `_`, and does not start with a digit"
            report.error("invalid-name", f"`{name}` is not a valid name", place(metric), hint)
        _kind(metric, report)


def _kind(metric: Map, report: Report) -> None:
    kinds = [kind for kind in _KINDS if kind in metric]
    check_one_of(metric, _KINDS, "a metric has one type", report, "write two metrics")
    if not kinds and not metric.hides(*_KINDS):
        hint = "write a `gauge`, a `counter` or a `histogram`"
        report.error("argo-field", f"metric `{name_of(metric)}` has no type", place(metric), hint)
    gauge = fields.mapping(metric, "gauge")
    if gauge is not None and gauge.get("realtime") is True and "resourcesDuration." in text_of(gauge, "value"):
        message = "`resourcesDuration` is known only at the end, but the gauge is `realtime`"
        report.error("argo-value", message, gauge.value_span("value"), "write `realtime: false`")
