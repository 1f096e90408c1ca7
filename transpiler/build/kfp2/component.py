"""Map → Component, for a compiled component of kfp 2. Expects a mapping that JSON Schema has judged.

kfp wraps a component into a pipeline of one task. What is not such a wrap is a pipeline, and refused: a manifest is
the place for those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from transpiler.build.kfp2.commands import Commands
from transpiler.build.kfp2.interface import Interface, build_interface
from transpiler.build.kfp2.launch import with_folders, with_outputs
from transpiler.build.kfp2.platform import build_platform
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.model.component import Component
from transpiler.model.implementation import NO_IMPLEMENTATION, Container
from transpiler.patterns import regex
from transpiler.read.platforms import KEY
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.suggest import suggestion


def build_compiled_component(document: Map, fallback_name: str, report: Report) -> Component:
    """Build the component of a compiled file. One that is not usable has no implementation, which is reported."""
    before = report.errors
    info = fields.mapping(document, "pipelineInfo")
    name = fields.text(info, "name") if info is not None else ""
    component = Component(
        name=name or fallback_name,
        span=info.value_span("name") if info is not None and name else document.span,
        inputs=(),
        outputs=(),
        implementation=NO_IMPLEMENTATION,
        description=fields.text(info, "description") if info is not None else "",
        has_incomplete_ports=True,
        is_complete=fields.is_complete(document),
    )
    called = _called(document, report)
    executor = _executor(document, called, report) if called is not None else None
    if called is not None and executor is not None:
        component = _with_container(component, build_interface(called, report), executor, report)
        if KEY in document:
            label = fields.text(called, "executorLabel")
            component = replace(component, settings=build_platform(document, label, report))
    return component if report.errors == before else replace(component, is_complete=False)


def _with_container(component: Component, interface: Interface, container: Map, report: Report) -> Component:
    commands = Commands(interface, report)
    command, args = commands.parts(container, "command"), commands.parts(container, "args")
    literals = commands.texts.literals
    is_python = any(_EXECUTOR.search(text) for text, _ in literals)
    span = container.key_span("command")
    if is_python:
        _metadata(literals, interface, report)
    command = with_outputs(command, interface, span) if is_python else with_folders(command, args, span)
    env = tuple(_env(container))
    image = fields.text(container, "image") if "image" in container else None
    image_span = container.value_span("image") if image is not None else container.span
    fixed = [*((text, span) for _, text, span in env), (image or "", image_span)]
    fixed = _without_placeholders(fixed, report)
    if "resources" in container:
        _ignored(container, "resources", report)
    return replace(
        component,
        inputs=interface.inputs,
        outputs=interface.outputs,
        has_incomplete_ports=interface.is_incomplete,
        texts=(*literals, *fixed, *_defaults(interface)),
        implementation=Container(
            image=image,
            image_span=image_span,
            command=command if "command" in container else None,
            args=args,
            env=tuple((name, text) for name, text, _ in env),
        ),
    )


_EXECUTOR: Final = regex(r"\bkfp\.(?:dsl|components)\.executor_main\b")
"""The program of every lightweight and containerized Python component: it answers in `executor_output.json`."""

_METADATA: Final = regex(r"\b(\w+)\.metadata\b")


def _metadata(literals: list[tuple[str, Span]], interface: Interface, report: Report) -> None:
    """Warn about a program that reads the metadata of an input: there is no store that kept it."""
    for text, span in literals:
        for name in sorted({found[1] for found in _METADATA.finditer(text)} & interface.artifacts.keys()):
            hint = "plain Argo has no metadata store: pass the metadata as a parameter, or in the file"
            report.warning("kfp-backend", f"`{name}.metadata` is empty on plain Argo", span, hint)


def _env(container: Map) -> Iterator[tuple[str, str, Span]]:
    for variable in fields.mappings(container, "env"):
        yield fields.text(variable, "name"), fields.text(variable, "value"), variable.value_span("value")


def _without_placeholders(texts: list[tuple[str, Span]], report: Report) -> list[tuple[str, Span]]:
    """Texts that no placeholder may stand in; those that hold one are reported, and left out."""
    for text, span in texts:
        if "{{$" in text:
            hint = "write the text itself; on plain Argo, placeholders work only in `command` and `args`"
            report.error("kfp-backend", "a placeholder here works only in KFP's v2 backend", span, hint)
    return [(text, span) for text, span in texts if "{{$" not in text]


def _defaults(interface: Interface) -> Iterator[tuple[str, Span]]:
    for given in interface.inputs:
        if given.default and given.default_span is not None:
            yield given.default, given.default_span


def _called(document: Map, report: Report) -> Map | None:
    """The component that the one task of the file calls; None, which is reported, when the file is a pipeline."""
    components, root = fields.mapping(document, "components"), fields.mapping(document, "root")
    dag = fields.mapping(root, "dag") if root is not None else None
    tasks = fields.mapping(dag, "tasks") if dag is not None else None
    if components is None or dag is None or tasks is None:
        return None
    if len(tasks) > 1:
        _pipeline(f"a pipeline of {len(tasks):,} tasks", dag.key_span("tasks"), report)
        return None
    task = next((fields.mapping(tasks, name) for name in tasks), None)
    reference = fields.mapping(task, "componentRef") if task is not None else None
    if task is None or reference is None or reference.hides("name") or "name" not in reference:
        return None
    component = _looked_up(components, reference, "name", "component", report)
    return component if component is not None and _is_wrap(task, component, report) else None


def _looked_up(entries: Map, holder: Map, key: str, what: str, report: Report) -> Map | None:
    """The entry that a key names; an unknown name is reported."""
    name = fields.text(holder, key)
    if name not in entries:
        hint = suggestion(name, entries, f"{what}s")
        report.error("wrong-value", f"there is no {what} `{excerpt(name)}` in this file", holder.value_span(key), hint)
    return fields.mapping(entries, name)


def _is_wrap(task: Map, component: Map, report: Report) -> bool:
    """True when the task does nothing but pass each input of the component through."""
    if "dag" in component:
        _pipeline("a pipeline in a pipeline", component.key_span("dag"), report)
        return False
    for key in ("parameterIterator", "artifactIterator", "iteratorPolicy", "triggerPolicy", "dependentTasks"):
        if key in task:
            _pipeline(f"a pipeline with `{key}`", task.key_span(key), report)
            return False
    if "retryPolicy" in task:
        _ignored(task, "retryPolicy", report)
    wanted, passed = fields.mapping(component, "inputDefinitions"), fields.mapping(task, "inputs")
    return all(
        _passes_through(wanted, passed, kind, key, task.span, report)
        for kind, key in (("parameters", "componentInputParameter"), ("artifacts", "componentInputArtifact"))
    )


def _passes_through(wanted: Map | None, passed: Map | None, kind: str, key: str, where: Span, report: Report) -> bool:
    names = fields.mapping(wanted, kind) if wanted is not None else None
    values = fields.mapping(passed, kind) if passed is not None else None
    for name in names or ():
        value = fields.mapping(values, name) if values is not None else None
        if value is None or value.get(key) != name:
            span = values.key_span(name) if values is not None else where
            _pipeline(f"a pipeline that passes its own value to `{name}`", span, report)
            return False
    return True


def _pipeline(what: str, span: Span, report: Report) -> None:
    hint = "compile the component alone, `Compiler().compile(component, ...)`, and write the pipeline as a manifest"
    report.error("wrong-type", f"this is {what}, compiled by KFP v2, not a component", span, hint)


def _executor(document: Map, component: Map, report: Report) -> Map | None:
    """The container of a component; another kind of executor is refused."""
    deployment = fields.mapping(document, "deploymentSpec")
    executors = fields.mapping(deployment, "executors") if deployment is not None else None
    if executors is None or component.hides("executorLabel"):
        return None
    if "executorLabel" not in component:
        hint = "add it; it names one of `deploymentSpec.executors`"
        report.error("missing-key", "the component has no `executorLabel`", component.span, hint)
        return None
    executor = _looked_up(executors, component, "executorLabel", "executor", report)
    if executor is not None and "container" not in executor and not executor.has_mistakes:
        kind = next(iter(executor), "nothing")
        hint = "on plain Argo, only containers run: load the data in a separate component"
        report.error("kfp-backend", f"`{kind}` runs only in KFP's v2 backend", executor.span, hint)
    return fields.mapping(executor, "container") if executor is not None else None


def _ignored(holder: Map, key: str, report: Report) -> None:
    hint = "delete it; it is not part of the interface of a component"
    report.warning("ignored-field", f"`{key}` has no effect here", holder.key_span(key), hint)
