"""Tags in Argo's own fields of tasks without a template of their own, in `defaults`, presets and texts of components.

The only rule on tags is `check_tags`; this module determines the valid names at each of these places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec.structs import replace

from transpiler.argo.expressions import Name
from transpiler.argo.naming import task_name
from transpiler.argo.template_kinds import BRANCHES
from transpiler.argo.text import argo_tags
from transpiler.build.argo_data import as_argo_reads
from transpiler.check.argo.nodes import texts_below
from transpiler.check.argo.tags import OF_TASKS, Fault, TagScope, check_tags, minus
from transpiler.check.argo.template import Surroundings
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.task import PassThrough
from transpiler.read.yaml.nodes import Map, Mark
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, calls_of, stored_files_of
from transpiler.resolve.scope import Scope as Tasks
from transpiler.suggest import suggestion


def check_parts(program: Program, shared: Iterable[PassThrough], around: Surroundings, report: Report) -> None:
    """Every tag in them. Inputs of a template, or of the DAG around a task, are checked by `check_argo_inputs`."""
    run = TagScope(parameters=around.parameters, has_exit=around.has_exit)
    for tasks in program.scopes:
        seen = around.as_seen(is_open=tasks in program.called_from_elsewhere)
        run = replace(run, parameters=seen.parameters)
        known: dict[str, Call] = {}
        for call in calls_of(tasks):
            passed = call.task.argo
            if call.task.template is None:  # else they are judged in the whole template
                check_tags(_of_templates(passed), run, report)
            nodes = [node for node in (passed.task, *_locations(call)) if node is not None]
            if nodes and "tasks" not in tasks.incomplete_names:
                known = known or {task_name(name): each for name, each in tasks.calls.items()}
                for node in nodes:
                    check_tags(texts_below(node), _of_a_task(call, tasks, known, run), report)
            check_tags(_arguments_of_the_run(call), run, report)
    run = replace(run, parameters=around.as_seen(is_open=program.entries is not None).parameters)
    for each in shared:
        check_tags(_of_templates(each), run, report)


def _of_templates(passed: PassThrough) -> Iterator[tuple[str, Span]]:
    yield from texts_below(passed.template, without=(*BRANCHES, "outputs"))
    yield from texts_below(passed.container)


def _locations(call: Call) -> Iterator[Map]:
    """Where the files are that a task is passed; in a loop, no tag can stand there, which is reported."""
    for _, stored in stored_files_of(call) if call.loop is None else ():
        yield as_argo_reads(stored.written)


def _arguments_of_the_run(call: Call) -> Iterator[tuple[str, Span]]:
    """The tags in the text of a component that name arguments of the run; its own rules check all others."""
    for text, span in call.component.texts if call.component else ():
        for tag, _, _ in argo_tags(text):
            if tag.startswith(("workflow.parameters.", "=")) and "workflow.parameters" in tag:
                yield f"{{{{{tag}}}}}", span


def _of_a_task(call: Call, tasks: Tasks, known: dict[str, Call], run: TagScope) -> TagScope:
    """The names that tags in a task of a manifest's DAG can use. `known` has the tasks by their names in Argo."""
    loop = None
    if call.loop is not None:
        loop = Map(call.task.span.source, Mark(0, 0))
        loop["withParam"] = ""
    elif call.task.argo.task is not None and {"withItems", "withParam", "withSequence"} & call.task.argo.task.keys():
        loop = call.task.argo.task
    waited = cache(lambda: _waited_for(call, tasks))
    return replace(
        run, kind="tasks", own=call.task.name, loop=loop, asks=lambda name: _fault(name, call, known, waited())
    )


def _waited_for(call: Call, tasks: Tasks) -> set[str]:
    """The tasks that have ended when one starts."""
    found: set[str] = set()
    waiting = list(call.dependencies)
    while waiting:
        name = waiting.pop()
        if name not in found and name in tasks.calls:
            found.add(name)
            waiting.extend(tasks.calls[name].dependencies)
    return found


def _fault(name: Name, call: Call, known: dict[str, Call], waited: set[str]) -> Fault | None:
    root, *rest = name.path
    if rest[:1] == ["name"] or not rest:
        return None
    if root == "steps":
        return Fault("`steps.` is available only in `steps`", f"write tasks.{rest[0]}")
    producer = known.get(rest[0])
    if producer is None:
        if name.longer in known:
            return minus(root, name.longer)
        return Fault(f"there is no task `{rest[0]}`", suggestion(rest[0], known, "tasks"), "unknown-task")
    task, path = producer.task, rest[1:]
    related = (Related(f"`{task.name}`", task.span),)
    if path and path[0] not in OF_TASKS:
        return Fault(f"a task has no `{path[0]}`", suggestion(path[0], OF_TASKS, "results"))
    if task.name == call.task.name:
        return None
    if task.name not in waited:
        message = f"`{call.task.name}` uses a result of `{task.name}` but does not wait for it"
        return Fault(message, f"add `after: [{task.name}]`", related=related)
    return _output(path, producer, related) if path[:1] == ["outputs"] and len(path) > 2 else None


def _output(path: list[str], producer: Call, related: tuple[Related, ...]) -> Fault | None:
    """Tasks yield only referenced outputs; a template of Argo's own yields all declared ones."""
    name, implementation = path[2], producer.implementation
    if producer.component is None or implementation.is_in_cluster:
        return None
    if implementation.argo_node is None:
        message = f"`{producer.task.name}` yields an output only for a reference, not for a tag"
        return Fault(message, f"write ${{{{ tasks.{producer.task.name}.outputs.{name} }}}}", related=related)
    files = {str(each.get("name")) for each in implementation.declared("artifacts")}
    values = {str(each.get("name")) for each in implementation.declared("parameters")}
    names = files if path[1] == "artifacts" else values
    if name in names:
        return None
    return Fault(f"the template has no output `{name}` among its {path[1]}", suggestion(name, names, "outputs"))
