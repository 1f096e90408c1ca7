"""Steps that run: groups one after another, the steps of a group at the same time.

A group is over when its steps are, with their hooks. Then what they leave is there for the groups behind it.
"""

from __future__ import annotations

from transpiler.engine import memo
from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.engine.outbound import ends_of
from transpiler.engine.outputs import add_globals, outputs_of
from transpiler.engine.run import Call, Run
from transpiler.engine.scope import add_left_out, add_loop, add_node, add_run_outputs, template_scope
from transpiler.engine.step_group import Frame, Group, look
from transpiler.plan.argo_objects import Node


def go_on(run: Run, node: NodeState, *, is_exit: bool) -> None:
    """Brings steps further, and ends them when all is over. Raises CallError."""
    template = node.work.template
    if node.frame is None:
        node.frame = Frame(template_scope(template), node.work.context, is_exit)
    frame: Frame = node.frame
    add_run_outputs(run, frame.scope)
    written = template["steps"]
    while True:
        place = max(0, len(frame.groups) - 1)
        if place >= len(written):
            break
        if not frame.groups:
            _open_group(run, node, frame, 0)
        group = frame.groups[place]
        try:
            look(run, node, frame, group, written[place])
        except CallError as error:
            run.fail(group.node, str(error))
            return
        if not _is_over(run, group):
            return
        if group.node.has_failed:
            _set_outbound(run, node)
            run.mark(node, "Failed", group.node.message)
            return
        _remember(run, frame, group, written[place])
        if place + 1 == len(written):
            break
        _open_group(run, node, frame, place + 1)
    _set_outbound(run, node)
    found = outputs_of(template, frame.scope)
    if found is not None:
        node.outputs = found
        add_globals(run, found)
    memo.keep(run, node)
    run.mark(node, "Succeeded")


def _is_over(run: Run, group: Group) -> bool:
    if group.is_held and not all(each.is_over for each in run.nodes.children(group.node)):
        return False
    return group.node.is_over


def _open_group(run: Run, node: NodeState, frame: Frame, place: int) -> None:
    call = Call(f"{node.name}[{place}]", {}, "steps", frame.context, {}, node, up=node, key=f"[{place}]")
    before = [frame.groups[-1].node] if frame.groups else []
    group = run.create(call, "StepGroup", "Running")
    for each in before:
        ends = [end for child in run.nodes.children(each) for end in ends_of(run, child)]
        for end in ends if each.children else [each]:
            run.nodes.connect(end, group.name, node)
    if not before:
        run.nodes.connect(node, group.name, node)
    frame.groups.append(Group(group))


def _remember(run: Run, frame: Frame, group: Group, written: list[Node]) -> None:
    for step in written:
        name, prefix = f"{group.node.name}.{step['name']}", f"steps.{step['name']}"
        child = run.nodes.get(name)
        if child is not None:
            add_node(run, frame.scope, prefix, child)
            add_left_out(run, frame.scope, prefix, child, (step, frame.context), files=True)
            continue
        items = [
            each
            for each in run.nodes.children(group.node)
            if each.name.startswith(f"{name}(") and each.type != "Skipped" and not each.is_hook
        ]
        add_loop(run, frame.scope, prefix, group.node, items)
        add_node(run, frame.scope, prefix, group.node)


def _set_outbound(run: Run, node: NodeState) -> None:
    group = node.frame.groups[-1].node
    node.outbound = [end.name for child in run.nodes.children(group) for end in ends_of(run, child)]
