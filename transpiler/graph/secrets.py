"""A graph without the texts that look like secrets: what is drawn is shown to more people than the manifest."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from transpiler.diagnostics import Diagnostic, Span
from transpiler.graph.model import Graph, Port

STARS = "***"


def without_secrets(graph: Graph, diagnostics: Iterable[Diagnostic]) -> Graph:
    """The graph with stars for every value that a diagnostic takes for a secret, wherever it stands."""
    spans = tuple(each.span for each in diagnostics if each.code == "secret-in-manifest")
    texts = {text for span in spans if (text := span.text.strip("\"' "))}
    if not texts:
        return graph
    nodes = tuple(
        replace(node, inputs=_ports(node.inputs, texts), outputs=_ports(node.outputs, texts)) for node in graph.nodes
    )
    inputs, outputs = _ports(graph.inputs, texts), _ports(graph.outputs, texts)
    return replace(graph, nodes=nodes, inputs=inputs, outputs=outputs, secrets=spans)


def _ports(ports: tuple[Port, ...], texts: Collection[str]) -> tuple[Port, ...]:
    return tuple(
        replace(each, default=_hidden(each.default, texts), value=_hidden(each.value, texts)) for each in ports
    )


def _hidden(value: str | None, texts: Collection[str]) -> str | None:
    return STARS if value is not None and any(text in value for text in texts) else value


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text of a file with stars at these places in it."""
    for span in spans:
        start, end = (
            span.source.offset(*place) for place in ((span.line, span.column), (span.end_line, span.end_column))
        )
        text = text[:start] + "*" * (end - start) + text[end:]
    return text
