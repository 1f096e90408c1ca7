"""The files of loops: items store them in one folder, each under its own name; nothing else can be collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from transpiler.argo.artifacts import LOCATIONS
from transpiler.dataflow.collected import Handed, files_in_folders
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.search import expressions_in, references_of
from transpiler.model.expressions.tree import FactReference, ItemReference, OutputReference, is_choice, walk
from transpiler.model.settings import Cache
from transpiler.model.task import Loop
from transpiler.model.transport import Transport
from transpiler.patterns import regex
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import is_folder


def check_files_of_loops(call: Call, callee: Instance, scope: Scope, report: Report) -> None:
    """The files of loop items are in one folder, and not a value."""
    for argument in call.arguments.values():
        if check_collected(argument.value, scope, report):
            continue
        for reference in references_of(argument.value):
            is_taken = isinstance(reference, OutputReference) and is_folder(reference, scope)
            if is_taken and Transport.VALUE in callee.takes.get(argument.name, Transport.NONE):
                message = f"`{argument.name}` takes a value, but the loop yields a folder of files"
                hint = "pass it to an input that the component takes by path"
                report.error("loop-files", message, reference.span, hint)


def check_collected(value: object, scope: Scope, report: Report) -> bool:
    """Report files of loops that cannot be collected where a value names them. True when there was one."""
    first = {id(node.left) for each in expressions_in(value) for node in walk(each) if is_choice(node)}
    for reference in references_of(value):
        if not isinstance(reference, OutputReference) or not is_folder(reference, scope):
            continue
        producer = scope.calls[reference.task]
        is_first = id(reference) in first and not _may_be_left_out(producer, scope)
        if producer.loop is None and not is_first:
            continue
        output = scope.output_of(reference)
        obstacle = _obstacle(producer, output.name, ()) if output is not None else None
        if obstacle is None and is_first:
            obstacle = (
                "a loop yields a folder even if no item has run, so the value after `??` is never used",
                "put the loop into a group with the `when`, and use the output of the group",
            )
        if obstacle is not None:
            report.error("loop-files", obstacle[0], reference.span, obstacle[1])
            return True
    return False


def _obstacle(call: Call, output: str, around: tuple[Call, ...]) -> tuple[str, str] | None:
    """Why the files of a call cannot be collected, and what to do; None if they can. `around` are loop and groups."""
    if around and call.loop is not None:
        return None  # a loop in the loop has its own uses
    if call in around:
        return f"the files of `{output}` cannot be collected, because the loop calls itself", _IN_THE_LOOP
    if output in _stored_elsewhere(call):
        message = f"the files of `{output}` cannot be collected, because they are stored elsewhere"
        return message, "delete its location, or read it from there in a separate task"
    if call.implementation.is_in_cluster and (around or call.loop is not None):
        message = "the files of a loop over a template of the cluster cannot be collected"
        return message, "let that template store each file under a different key, and read them by their common prefix"
    scope = call.scope
    if scope is None or not (around or call.loop is not None):
        return None
    reference = scope.yielded(output)
    inner = scope.output_of(reference) if reference is not None else None
    if reference is None or inner is None:
        message = f"the files of `{output}` cannot be collected, because no single task in the loop writes them"
        return message, _IN_THE_LOOP
    alike = [each for each in scope.outputs if each.name != output and _is_same(each.reference, reference, scope)]
    if alike:
        message = f"`{output}` and `{alike[0].name}` are the same file, which the loop can store in one folder only"
        return message, f"use one of them for both, and delete `{alike[0].name}`"
    return _obstacle(scope.calls[reference.task], inner.name, (*around, call))


_IN_THE_LOOP: Final = "let a task inside the loop take the file by path and write it, and use its output"


def _is_same(one: OutputReference | None, other: OutputReference, scope: Scope) -> bool:
    return one is not None and one.task == other.task and scope.output_of(one) is scope.output_of(other)


def _may_be_left_out(producer: Call, scope: Scope) -> bool:
    """False if the producer always yields a folder; loops do, even if every item is skipped."""
    if producer.task.when is not None:
        return producer.loop is None
    return any(call.task.depends is not None for call in scope.calls.values())


_PLACE: Final = {*LOCATIONS, "archive"}
"""Fields of an artifact that say where it is, and in which form."""


def _stored_elsewhere(call: Call) -> set[str]:
    """Outputs of a call with an explicit location."""
    said = {each.output for each in call.task.settings.storage if _PLACE & each.fields.data.keys()}
    own = call.implementation.declared("artifacts")
    return said | {str(each.get("name")) for each in own if _PLACE & each.keys()}


_PLACES: Final = ("key", "blob", "path", "url")
"""The fields that name a file in a store, in Argo's kinds of stores."""
_OF_A_NODE: Final = regex(r"(?<!\$)\{\{[^}]*\b(pod|node|item|inputs|tasks|retries)\b")


def check_overwritten(call: Call, scope: Scope, report: Report) -> None:
    """The items of a loop must not all store a file at one place."""
    loop = next(iter(_loops_around(call, scope)), None)
    for storage in call.task.settings.storage if loop is not None else ():
        stores = [store for store in storage.fields.data.values() if isinstance(store, Mapping)]
        places = [store[name] for store in stores for name in _PLACES if name in store]
        named = [scope.origin(each)[1] for slot in storage.fields.slots for each in references_of(slot.text)]
        differs = any(isinstance(each, (ItemReference, OutputReference, FactReference)) for each in named)
        if loop and places and not differs and not any(_OF_A_NODE.search(str(place)) for place in places):
            message = f"every item of the loop stores `{storage.output}` at the same location"
            hint = f"add the item to the key, such as ${{{{ {loop.alias} }}}}, or {{{{pod.name}}}}"
            report.error("loop-files", message, storage.span, hint, (Related("the loop", loop.span),))


def _loops_around(call: Call, scope: Scope) -> Iterator[Loop]:
    """The loop of a call, and those of the groups that it is in."""
    if call.loop is not None:
        yield call.loop
    around: Scope | None = scope
    while around is not None:
        if around.group is not None and around.group.loop is not None:
            yield around.group.loop
        around = around.parent


def check_kept(cache: Cache, call: Call, callee: Instance, handed: Handed, report: Report) -> bool:
    """Report files of a loop that are collected although an item may have stored its own in another run."""
    files = files_in_folders(call, callee, handed)
    if not files:
        return False
    message = (
        f"the files `{files[0]}` of this loop are collected in each run, but a cached result belongs to another run"
    )
    report.error("cache-key", message, cache.span, "write `cache: false` to run it every time")
    return True
