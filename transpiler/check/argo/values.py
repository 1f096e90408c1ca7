"""Values of Argo's own fields that are otherwise parsed only during a run. Tags in them are ignored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from transpiler.argo.conditions import when_fault
from transpiler.argo.durations import is_duration
from transpiler.argo.expressions import expression_fault
from transpiler.argo.labels import KEY, LABEL, LABEL_HINT, MAX_ANNOTATIONS, annotation_bytes
from transpiler.argo.resources import name_fault, quantity_fault
from transpiler.argo.schedules import schedule_fault
from transpiler.argo.text import argo_tags, unclosed_tag, without_tags
from transpiler.argo.time_zones import zone_hint
from transpiler.check.argo.metrics import check_metrics
from transpiler.check.argo.nodes import Field, fields_below, texts_below
from transpiler.diagnostics import Report, Source, Span, excerpt
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map
from transpiler.read.yaml.straight import read_straight
from transpiler.resources import schema

MAX_EXACT: Final = 2**53
"""Above it JSON numbers lose digits in Go."""
MAX_PORT: Final = 65535

_INTEGER: Final = regex(r"[+-]?[0-9]+")


def check_values(node: Map, owner: str, report: Report) -> None:
    """Every value at a mapping and below it. `owner` is the key of the mapping."""
    for field in fields_below(node, owner):
        if field.key == "metrics" and isinstance(field.value, Map):
            check_metrics(field.value, report)
        rule = _RULES.get((field.owner, field.key)) or _RULES.get(("", field.key))
        if rule is not None:
            rule(field, report)
        _range(field, report)
    for text, span in texts_below(node):
        _tags(text, span, report)


def _wrong(field: Field, what: str, hint: str, report: Report) -> None:
    report.error("argo-value", f"`{excerpt(str(field.value))}` is not {what}", field.span, hint)


def _is_tagged(value: object) -> bool:
    return isinstance(value, str) and "{{" in value


def _seconds_or_duration(field: Field, report: Report) -> None:
    """Source: `ParseStringToDuration` of Argo's v1alpha1."""
    if isinstance(field.value, str) and not _is_tagged(field.value) and not is_duration(field.value, seconds=True):
        _wrong(field, "a duration", "write seconds, or a duration such as 90s, 5m or 1h30m", report)


def _duration(field: Field, report: Report) -> None:
    """Source: `time.ParseDuration` in the operator, and a check of its own for whole numbers."""
    if isinstance(field.value, str) and not _is_tagged(field.value) and not is_duration(field.value, seconds=False):
        _wrong(field, "a duration", "write a number with its unit, such as 90s, 5m or 1h30m", report)


def _whole_number(field: Field, report: Report) -> None:
    value = field.value
    if isinstance(value, str) and not _is_tagged(value) and not _INTEGER.fullmatch(value):
        _wrong(field, "a whole number", "write a whole number, or a {{tag}} with one", report)


def _resources(field: Field, report: Report) -> None:
    """The requests of a container, or of a claim."""
    node = field.value if isinstance(field.value, Map) else {}
    for name in node:
        message, hint = ("", "") if name == "storage" else name_fault(name)
        span = field.value.key_span(name)
        if not message and isinstance(node[name], (int, float, str)):
            message, hint = quantity_fault(name, field.value.written(name).strip("\"'"))
            span = field.value.value_span(name)
        if message and "{{" not in name:
            report.error("argo-value", message, span, hint)


def _size(field: Field, report: Report) -> None:
    """A size in bytes."""
    message, hint = quantity_fault("storage", field.parent.written(field.key).strip("\"'"))
    if message and not _is_tagged(field.value):
        report.error("argo-value", message, field.span, hint)


def _port(field: Field, report: Report) -> None:
    if isinstance(field.value, int) and not 1 <= field.value <= MAX_PORT:
        _wrong(field, "a port", f"write a number from 1 to {MAX_PORT}", report)


def _range(field: Field, report: Report) -> None:
    """Go stores each number in a fixed number of bits, and refuses an object with a larger one."""
    value, bits = field.value, 32 if field.key in _OF_32_BITS else 64
    if isinstance(value, str) and field.key in _OF_32_BITS and _INTEGER.fullmatch(value):
        value = int(value[:40])
    if isinstance(value, int) and not isinstance(value, bool) and not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        _wrong(field, f"a {bits}-bit integer", "write a smaller number", report)


def _deadline(field: Field, report: Report) -> None:
    _whole_number(field, report)
    if isinstance(field.value, int) and field.value <= 0:
        _wrong(field, "a number of seconds", "write the maximum number of seconds that the pod may run", report)


def _patch(field: Field, report: Report) -> None:
    """Argo merges it into the pod when that is made: YAML or JSON, and a mapping."""
    if not isinstance(field.value, str) or not isinstance(yaml_of(field.value), Map):
        hint = "write fields of a pod as a string, such as 'hostNetwork: true'"
        report.error("argo-value", "`podSpecPatch` is not a string that contains a YAML mapping", field.span, hint)


def yaml_of(text: str) -> Any:
    """The content of a YAML text with tags; None if it is not YAML. Of several documents, the first."""
    return read_straight(Source("", without_tags(text, "x").partition("\n---")[0]), Report())[0]


def _expression(field: Field, report: Report) -> None:
    if isinstance(field.value, str):
        check_expression(without_tags(field.value, "x"), field.span, report)


def check_expression(expression: str, span: Span, report: Report) -> None:
    """An expression that Argo cannot read, or that compares a text with a number."""
    fault = expression_fault(expression)
    if fault:
        message = f"the expression `{excerpt(expression)}` is invalid: {fault}"
        report.error("argo-value", message, span, "correct the expression; Argo parses it only during the run")
        return
    compared = re.search(r"(?<![\w(])(lastRetry\.(?:exitCode|duration))\s*(?:[<>]=?|[=!]=)\s*\d", expression)
    if compared:
        message = f"`{compared[1]}` is a string, which cannot be compared with a number"
        report.error("argo-value", message, span, f"write asInt({compared[1]})")


def _tags(text: str, span: Span, report: Report) -> None:
    for tag, start, end in argo_tags(text):
        if tag.startswith("="):
            check_expression(tag[1:], span.below(text[start:end]), report)
    unclosed = unclosed_tag(text)
    if unclosed:
        message = f"`{excerpt(unclosed)}` is not closed"
        report.error("argo-value", message, span.below(unclosed), "close the tag with }}")


def _when(field: Field, report: Report) -> None:
    fault = when_fault(field.value) if isinstance(field.value, str) and field.value else ""
    if fault:
        hint = "write one expression, such as {{=inputs.parameters['mode'] == 'prod'}}"
        report.error("argo-value", f"`when` is invalid: {fault}", field.span, hint)


def _items(field: Field, report: Report) -> None:
    for value, span in _numbers(field.value):
        if abs(value) > MAX_EXACT:
            report.error("argo-value", f"Argo would round {value}", span, "quote it: a string keeps its digits")


def _numbers(node: object) -> list[tuple[int, Span]]:
    found: list[tuple[int, Span]] = []
    entries: list[tuple[Any, Span]] = []
    if isinstance(node, List):
        entries = [(item, node.item_span(index)) for index, item in enumerate(node)]
    elif isinstance(node, Map):
        entries = [(node[key], node.value_span(key)) for key in node]
    for value, span in entries:
        found += [(value, span)] if isinstance(value, int) else _numbers(value)
    return found


def _schedules(field: Field, report: Report) -> None:
    lines = field.value if isinstance(field.value, List) else []
    for index, line in enumerate(lines):
        fault = schedule_fault(line) if isinstance(line, str) else ""
        if fault:
            message = f"the schedule `{excerpt(line)}` is invalid: {fault}"
            report.error(
                "argo-value", message, field.value.item_span(index), "minute, hour, day, month, day of the week"
            )


def _time_zone(field: Field, report: Report) -> None:
    zones = schema("pipeline")["$defs"]["timeZone"]["enum"]
    if isinstance(field.value, str) and field.value and field.value not in zones:
        _wrong(field, "a valid time zone", zone_hint(field.value, zones), report)


def _labels(field: Field, report: Report) -> None:
    """Source: Kubernetes, "Labels and Selectors". A {{tag}} is judged when it is replaced, by the API server."""
    node = field.value if isinstance(field.value, Map) else {}
    size = annotation_bytes(node.items()) if field.key == "annotations" else 0
    if size > MAX_ANNOTATIONS:
        message = f"the annotations have {size:,} bytes; Kubernetes allows {MAX_ANNOTATIONS:,} for one object"
        report.error(
            "too-large",
            message,
            field.span,
            "shorten the descriptions and annotations, or move long texts into a file or an image",
        )
    for key, value in node.items():
        if not KEY.fullmatch(key) and "{{" not in key:
            report.error(
                "invalid-name",
                f"`{excerpt(key)}` is not a valid key for Kubernetes",
                field.value.key_span(key),
                _KEY_HINT,
            )
        is_label = field.key != "annotations"
        if is_label and isinstance(value, str) and not _is_tagged(value) and not LABEL.fullmatch(value):
            report.error(
                "invalid-name",
                f"`{excerpt(value)}` is not a valid label value",
                field.value.value_span(key),
                LABEL_HINT,
            )


_KEY_HINT: Final = "a key is NAME or example.com/NAME; a name has at most 63 letters, digits, `-`, `_` and `.`"

_OF_32_BITS: Final = frozenset(
    [
        *("limit", "factor", "retries", "priority", "count", "secondsAfterCompletion", "secondsAfterSuccess"),
        *("secondsAfterFailure", "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "initialDelaySeconds"),
        *("timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold", "compressionLevel"),
    ]
)
"""Numbers that Argo and Kubernetes store in an int32; all others have 64 bits."""

_RULES: Final[dict[tuple[str, str], Callable[[Field, Report], None]]] = {
    ("cron", "schedules"): _schedules,
    ("cron", "timezone"): _time_zone,
    ("retryStrategy", "limit"): _whole_number,
    ("retryStrategy", "retries"): _whole_number,
    ("retryStrategy", "duration"): _duration,
    ("backoff", "factor"): _whole_number,
    ("backoff", "duration"): _seconds_or_duration,
    ("backoff", "maxDuration"): _seconds_or_duration,
    ("backoff", "cap"): _seconds_or_duration,
    ("suspend", "duration"): _seconds_or_duration,
    ("podGC", "deleteDelayDuration"): _seconds_or_duration,
    ("memoize", "maxAge"): _duration,
    ("withSequence", "count"): _whole_number,
    ("withSequence", "start"): _whole_number,
    ("withSequence", "end"): _whole_number,
    ("http", "successCondition"): _expression,
    ("metadata", "labels"): _labels,
    ("metadata", "annotations"): _labels,
    ("podMetadata", "labels"): _labels,
    ("podMetadata", "annotations"): _labels,
    ("workflowMetadata", "labels"): _labels,
    ("workflowMetadata", "annotations"): _labels,
    ("", "nodeSelector"): _labels,
    ("", "matchLabels"): _labels,
    ("resources", "requests"): _resources,
    ("resources", "limits"): _resources,
    ("emptyDir", "sizeLimit"): _size,
    ("ports", "containerPort"): _port,
    ("ports", "hostPort"): _port,
    ("httpGet", "port"): _port,
    ("tcpSocket", "port"): _port,
    ("grpc", "port"): _port,
    ("", "timeout"): _duration,
    ("", "pendingTimeout"): _duration,
    ("", "activeDeadlineSeconds"): _deadline,
    ("", "podSpecPatch"): _patch,
    ("", "expression"): _expression,
    ("", "fromExpression"): _expression,
    ("", "when"): _when,
    ("", "withItems"): _items,
}
"""(parent key, key) → the rule; an empty parent key matches any."""
