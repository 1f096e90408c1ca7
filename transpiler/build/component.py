"""Map → Component. Expects a validated mapping; reports mistakes that a schema cannot detect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from transpiler.build.graph import build_graph
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.component import Component
from transpiler.model.expressions.types import parse_type
from transpiler.model.implementation import NO_IMPLEMENTATION, Container, FileOutput, Implementation
from transpiler.model.placeholders import (
    BackendPlaceholder,
    CommandPart,
    Concat,
    If,
    InputPath,
    InputValue,
    IsPresent,
    OutputPath,
)
from transpiler.model.ports import Input, Output
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map

Port = TypeVar("Port", Input, Output)


def build_component(document: Map, fallback_name: str, report: Report) -> Component:
    """Build a component; `fallback_name` serves a file without `name` (kubeflow/pytorch-launcher has none)."""
    name = fields.text(document, "name").strip() or fallback_name
    metadata = fields.mapping(document, "metadata")
    texts: list[tuple[str, Span]] = []
    before = report.errors
    component = Component(
        name=name,
        span=document.key_span("name") if "name" in document else document.span,
        inputs=tuple(_unique([_input(item) for item in _ports(document, "inputs")], "input", report)),
        outputs=tuple(_unique([_output(item) for item in _ports(document, "outputs")], "output", report)),
        implementation=_implementation(document, texts, report),
        description=fields.text(document, "description"),
        labels=fields.pairs(metadata, "labels") if metadata else (),
        annotations=fields.pairs(metadata, "annotations") if metadata else (),
        texts=(*texts, *_metadata_texts(metadata), *_default_texts(document)),
        has_incomplete_ports=any(
            fields.hides_names(document, key) or not _all_named(document, key) for key in ("inputs", "outputs")
        ),
        is_complete=fields.is_complete(document),
    )
    return component if report.errors == before else replace(component, is_complete=False)


def _ports(document: Map, key: str) -> list[Map]:
    return [item for item in fields.mappings(document, key) if fields.text(item, "name")]


def _all_named(document: Map, key: str) -> bool:
    return len(_ports(document, key)) == len(fields.items(document, key))


def _input(item: Map) -> Input:
    return Input(
        name=fields.text(item, "name"),
        type=parse_type(item.get("type")),
        span=item.value_span("name"),
        default=default_text(item),
        default_span=item.value_span("default"),
        optional=item.get("optional") is True,
        description=fields.text(item, "description"),
    )


def default_text(item: Map) -> str | None:
    """A component's default, verbatim: KFP never rewrites it, except that a YAML boolean is Python's `True`."""
    default = item.get("default")
    if isinstance(default, bool):
        return str(default)
    return None if default is None or isinstance(default, (Map, List)) else fields.text(item, "default")


def _output(item: Map) -> Output:
    return Output(
        name=fields.text(item, "name"),
        type=parse_type(item.get("type")),
        span=item.value_span("name"),
        description=fields.text(item, "description"),
    )


def _unique(ports: list[Port], what: str, report: Report) -> Iterator[Port]:
    first: dict[str, Port] = {}
    for port in ports:
        if port.name in first:
            related = Related("first declared here", first[port.name].span)
            report.error(
                "duplicate-name",
                f"two {what}s have the name `{port.name}`",
                port.span,
                "rename one of them",
                (related,),
            )
        else:
            first[port.name] = port
            yield port


def _metadata_texts(metadata: Map | None) -> Iterator[tuple[str, Span]]:
    for section in ("labels", "annotations"):
        found = fields.mapping(metadata, section) if metadata else None
        if found is not None:
            yield from ((fields.text(found, key), found.value_span(key)) for key in found)


def _default_texts(document: Map) -> Iterator[tuple[str, Span]]:
    for item in _ports(document, "inputs"):
        default = default_text(item)
        if default:
            yield default, item.value_span("default")


def _implementation(document: Map, texts: list[tuple[str, Span]], report: Report) -> Implementation:
    implementation = fields.mapping(document, "implementation")
    if implementation is None:
        return NO_IMPLEMENTATION
    container = fields.mapping(implementation, "container")
    if container is not None:
        return _container(container, texts, report)
    graph = fields.mapping(implementation, "graph")
    return build_graph(graph, build_component, report) if graph is not None else NO_IMPLEMENTATION


def _container(container: Map, texts: list[tuple[str, Span]], report: Report) -> Container:
    commands = _Commands(texts, report)
    env = fields.mapping(container, "env")
    if env is not None:
        texts.extend((fields.text(env, name), env.value_span(name)) for name in env)
    texts.extend((fixed.path, fixed.span) for fixed in _file_outputs(container))
    if isinstance(container.get("image"), str):
        texts.append((container["image"], container.value_span("image")))
    return Container(
        image=fields.text(container, "image") if "image" in container else None,
        image_span=container.value_span("image") if "image" in container else container.span,
        command=None if _has_no_command(container) else commands.parts(container.get("command")),
        args=commands.parts(container.get("args")),
        env=tuple((name, fields.text(env, name)) for name in env) if env is not None else (),
        file_outputs=_file_outputs(container),
    )


def _has_no_command(container: Map) -> bool:
    """True for `command` left out, rather than misspelt (which is reported)."""
    return "command" not in container and container.keys() <= {"image", "args", "env", "fileOutputs"}


def _file_outputs(container: Map) -> tuple[FileOutput, ...]:
    paths = fields.mapping(container, "fileOutputs")
    if paths is None:
        return ()
    return tuple(FileOutput(name, fields.text(paths, name), paths.key_span(name)) for name in sorted(paths))


class _Commands:
    """Reads the placeholders of `command` and `args`."""

    def __init__(self, texts: list[tuple[str, Span]], report: Report) -> None:
        self.texts, self.report = texts, report

    def parts(self, value: Any) -> tuple[CommandPart, ...]:
        if not isinstance(value, List):
            return ()
        read = [self.part(item, value.item_span(index)) for index, item in enumerate(value)]
        return tuple(part for part in read if part is not None)

    def part(self, item: Any, span: Span) -> CommandPart | None:
        if isinstance(item, str):
            self.texts.append((item, span))
            return item
        if not isinstance(item, Map) or len(item) != 1:
            return None
        keyword = next(iter(item))
        if keyword in _NAMED and isinstance(item[keyword], str):
            return _NAMED[keyword](item[keyword], item.value_span(keyword))
        if keyword == "concat":
            return Concat(self.parts(item[keyword]))
        if keyword == "if" and isinstance(item[keyword], Map):
            return self.condition(item[keyword])
        return self.backend(keyword, item)

    def condition(self, body: Map) -> If | None:
        condition = body.get("cond")
        test: bool | IsPresent
        if isinstance(condition, Map):
            name = condition.get("isPresent")
            if not isinstance(name, str):
                self.refuse_condition(condition, body)
                return None
            test = IsPresent(name, condition.value_span("isPresent"))
        elif isinstance(condition, str) and condition.lower() not in _TRUE | _FALSE:
            self.report.error(
                "wrong-type",
                f"`{condition}` is neither true nor false",
                body.value_span("cond"),
                "write `true`, `false` or {isPresent: INPUT}",
            )
            return None
        else:
            test = condition is True or str(condition).lower() in _TRUE
        return If(test, self.branch(body, "then"), self.branch(body, "else"))

    def refuse_condition(self, condition: Map, body: Map) -> None:
        if "inputValue" in condition:
            self.report.error(
                "static-condition",
                "`cond` is evaluated when the pipeline is compiled, but the value of an input is known only in the run",
                body.value_span("cond"),
                "use {isPresent: INPUT}, or pass the value and test it in the program",
            )

    def branch(self, body: Map, key: str) -> tuple[CommandPart, ...]:
        value = body.get(key)
        if isinstance(value, List):
            return self.parts(value)
        part = self.part(value, body.value_span(key))
        return () if part is None else (part,)

    def backend(self, keyword: str, item: Map) -> BackendPlaceholder | None:
        name = item[keyword]
        span = item.key_span(keyword)
        if keyword in {"executorInput", "outputMetadata"}:
            return BackendPlaceholder(keyword, _BACKEND[keyword], span)
        if keyword not in _BACKEND or not isinstance(name, str):
            return None
        text = _BACKEND[keyword].format(name=name)
        is_output = keyword.startswith("outputUri")
        return BackendPlaceholder(keyword, text, span, None if is_output else name, name if is_output else None)


_NAMED: Final[dict[str, Callable[[str, Span], CommandPart]]] = {
    "inputValue": InputValue,
    "inputPath": InputPath,
    "outputPath": OutputPath,
}
_TRUE = {"y", "yes", "t", "true", "on", "1"}
_FALSE = {"n", "no", "f", "false", "off", "0"}
_BACKEND = {
    "inputUri": "{{{{$.inputs.artifacts['{name}'].uri}}}}",
    "outputUri": "{{{{$.outputs.artifacts['{name}'].uri}}}}",
    "inputMetadata": "",
    "inputOutputPortName": "{{{{kfp.input-output-name.{name}}}}}",
    "executorInput": "{{$}}",
    "outputMetadata": "/tmp/outputs/executor_output.json",  # noqa: S108 - a path in the container
}
"""What KFP 1.8.22 writes for placeholders that need its own backend (kfp.dsl._component_bridge); empty where
that is a tag which Argo refuses."""
