"""A DAG that runs: which of its tasks are looked at after a change, and how it ends.

A task is looked at when its node changed, or when the last task that it waits for is over, with its hooks. Each look
may start nodes, which may be over at once, so tasks are taken in the order of the plan until none is left.
"""

from __future__ import annotations

from heapq import heappop, heappush

from msgspec import Struct, field

from transpiler.engine import assess, hooks, memo
from transpiler.engine.dag_plan import Plan, of_tasks, planned
from transpiler.engine.dag_scope import Dag, left_over, of_task
from transpiler.engine.dag_tasks import is_ready, look
from transpiler.engine.hooks import Around
from transpiler.engine.nodes import NodeState
from transpiler.engine.outbound import ends_of
from transpiler.engine.outputs import add_globals, outputs_of
from transpiler.engine.run import Run


class _Frame(Struct):
    """What a DAG remembers while it runs."""

    dag: Dag
    is_new: bool = True
    released: set[str] = field(default_factory=set)
    """The tasks whose dependants were looked at, since they are over."""
    watched: list[str] = field(default_factory=list)
    """The tasks with hooks, which are looked at each time."""
    ends: list[str] = field(default_factory=list)
    """The targets with hooks or a handler of their exit."""


def go_on(run: Run, node: NodeState, *, is_exit: bool) -> None:
    """Brings a DAG further, and ends it when all is over. Raises CallError."""
    if node.frame is None:
        node.frame = _frame(run, node, is_exit=is_exit)
    frame: _Frame = node.frame
    if frame.dag.template is not node.work.template:
        _renew(frame, node)
    _look_at_tasks(run, frame)
    has_open_exit = _look_at_targets(run, frame.dag, frame.ends)
    if run.shutdown.how and not has_open_exit:
        _end(run, frame.dag, "Failed")
        return
    phase = assess.phase_of(run, node, frame.dag.plan, frame.dag.template["dag"])
    if phase == "Succeeded":
        _succeed(run, frame.dag)
    elif phase != "Running":
        _end(run, frame.dag, phase)


def _frame(run: Run, node: NodeState, *, is_exit: bool) -> _Frame:
    work = node.work
    dag = work.template["dag"]
    tasks = {each["name"]: each for each in dag["tasks"]}
    key = ("plan", id(work.raw), of_tasks(tasks), dag.get("target"))
    known: Plan | None = run.cache.get(key)
    if known is None:
        known = run.cache[key] = planned(dag)
    plan = Plan(
        tasks,
        known.awaited,
        known.conditions,
        known.targets,
        known.order,
        known.place,
        known.dependants,
        known.ancestors,
        known.loops,
    )
    watched = [name for name in plan.order if hooks.others(tasks[name])]
    ends = [name for name in plan.targets if tasks[name].get("hooks") or tasks[name].get("onExit")]
    return _Frame(Dag(node, work.template, work.context, plan, is_exit), watched=watched, ends=ends)


def _renew(frame: _Frame, node: NodeState) -> None:
    """Variables of the run have changed: tasks that are not resolved yet see the new ones."""
    frame.dag.template = node.work.template
    for each in node.work.template["dag"]["tasks"]:
        frame.dag.plan.tasks[each["name"]] = each


def _look_at_tasks(run: Run, frame: _Frame) -> None:
    dag, plan = frame.dag, frame.dag.plan
    todo, dag.node.todo = dag.node.todo, {}
    names = [name for name in (*todo, *frame.watched) if isinstance(name, str) and name in plan.place]
    if frame.is_new:
        frame.is_new = False
        names += [name for name in plan.order if not plan.awaited[name]]
    heap: list[int] = []
    for place in sorted({plan.place[name] for name in names}):
        heappush(heap, place)
    last = -1
    while heap:
        place = heappop(heap)
        if place == last:
            continue
        last = place
        name = plan.order[place]
        look(run, dag, plan.tasks[name])
        if not is_ready(run, dag, name):  # the handler of a loop's exit starts after the loop is over
            frame.released.discard(name)
        elif name not in frame.released:
            frame.released.add(name)
            for each in plan.dependants.get(name, ()):
                heappush(heap, plan.place[each])


def _look_at_targets(run: Run, dag: Dag, ends: list[str]) -> bool:
    """Hooks of targets once more; True if a handler of an exit still runs."""
    is_open = False
    for name in dag.plan.targets if dag.has_bad_loop else ends:
        task = dag.plan.tasks[name]
        node = run.nodes.get(f"{dag.node.name}.{name}")
        if node is None:
            continue
        others = hooks.others(task)
        if others or dag.has_bad_loop:
            scope = of_task(run, dag, task)
            scope.values[f"tasks.{name}.status"] = node.phase
            hooks.run_hooks(run, others, Around(node, dag.node, dag.context, f"tasks.{name}"), scope)
        if node.is_completed:
            handler = run.nodes.get(f"{node.name}.onExit")
            is_open = is_open or (handler is not None and not handler.is_over)
    return is_open


def _end(run: Run, dag: Dag, phase: str) -> None:
    targets = [run.nodes.get(f"{dag.node.name}.{name}") for name in dag.plan.targets]
    dag.node.outbound = [end.name for node in targets if node is not None for end in ends_of(run, node)]
    run.mark(dag.node, phase)


def _succeed(run: Run, dag: Dag) -> None:
    scope = left_over(run, dag)
    for name in dag.plan.tasks:
        node = run.nodes.get(f"{dag.node.name}.{name}")
        if node is not None and node.outputs:
            add_globals(run, node.outputs)
    found = outputs_of(dag.template, scope)
    if found is not None:
        dag.node.outputs = found
    memo.keep(run, dag.node)
    _end(run, dag, "Succeeded")
