"""Readable diagnostics: the message, the source line, the hint. In the style of rustc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transpiler.diagnostics import Diagnostic, Span
from transpiler.patterns import regex
from transpiler.report.safe import safe, width

MAX_SHOWN = 100
MAX_LINE = 120
_CREDENTIALS = regex(r"(://)([^/?#@\s]+)(?=@)")
"""In a url: whatever a diagnostic is about, its picture of the line does not show them."""
_COLORS = {"error": "31", "warning": "33", "hint": "36", "frame": "34", "bold": "1"}


def render_text(diagnostics: Sequence[Diagnostic], color: bool) -> str:
    """All diagnostics with their source lines, then a line that counts them."""
    if not diagnostics:
        return ""
    paint = _Paint(color)
    blocks = ["\n".join(block(each, color)) for each in diagnostics[:MAX_SHOWN]]
    if len(diagnostics) > MAX_SHOWN:
        blocks.append(f"... and {len(diagnostics) - MAX_SHOWN} more")
    return "\n\n".join([*blocks, paint.bold(count(diagnostics))]) + "\n"


def without_credentials(text: str) -> str:
    """A text with stars for the credentials of the urls in it, of which it keeps the length."""
    return _CREDENTIALS.sub(lambda found: found[1] + "*" * len(found[2]), text)


def count(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    errors = sum(each.severity == "error" for each in diagnostics)
    counted = [(errors, "error"), (len(diagnostics) - errors, "warning")]
    return ", ".join(f"{number} {what}{'s' if number > 1 else ''}" for number, what in counted if number)


class _Paint:
    """Colours, or none."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[1;{_COLORS[style]}m{text}\x1b[0m" if self.color else text

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.color else text


def block(diagnostic: Diagnostic, color: bool) -> Iterator[str]:
    """One diagnostic as lines."""
    paint = _Paint(color)
    lines = [diagnostic.span.line, *(related.span.line for related in diagnostic.related)]
    margin = len(str(max(lines)))
    head = paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    yield f"{head}{paint.bold(': ' + safe(diagnostic.message))}"
    style = "secret" if diagnostic.code == "secret-in-manifest" else diagnostic.severity
    yield from _snippet(diagnostic.span, "-->", margin, paint, style, "^", "")
    for related in diagnostic.related[:10]:
        yield from _snippet(related.span, ":::", margin, paint, "frame", "-", safe(related.message))
    if diagnostic.hint:
        yield f"{' ' * margin} {paint('frame', '=')} {paint('hint', 'help:')} {safe(diagnostic.hint)}"


def _snippet(span: Span, arrow: str, margin: int, paint: _Paint, style: str, mark: str, label: str) -> Iterator[str]:
    pad = " " * margin
    place = f"{safe(span.source.name)}:{span.line}:{span.column}"
    yield f"{pad}{paint('frame', arrow)} {place}"
    line, start, end = _window(span)
    line = without_credentials(line)
    if not line.strip() or style == "secret":
        if label:
            yield f"{pad} {paint('frame', '=')} {label}"
        return
    bar = paint("frame", "|")
    before, marked = safe(line[:start]), safe(line[start:end])
    underline = paint(style, mark * max(width(marked), 1) + (f" {label}" if label else ""))
    yield f"{pad} {bar}"
    yield f"{paint('frame', str(span.line).rjust(margin))} {bar} {safe(line)}"
    yield f"{pad} {bar} {' ' * width(before)}{underline}"


def _window(span: Span) -> tuple[str, int, int]:
    """The part of the source line to show, and where the mark starts and ends in it."""
    line = span.source.line(span.line)
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = min(max(end, start + 1), max(len(line), start + 1))
    if len(line) <= MAX_LINE:
        return line, start, end
    left = max(0, min(start - 30, len(line) - MAX_LINE))
    shown = line[left : left + MAX_LINE]
    prefix = "..." if left else ""
    suffix = "..." if left + MAX_LINE < len(line) else ""
    shift = len(prefix) - left
    return prefix + shown + suffix, start + shift, min(end + shift, len(prefix) + len(shown))
