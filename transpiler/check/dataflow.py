"""The second list of rules: about the transport of values, when the instances of components are known.

Each rule looks at the instances of the components that a pipeline calls, before anything is lowered.
"""

from __future__ import annotations

from transpiler.check.endings.pods_at_the_end import check_pods_at_the_end
from transpiler.check.files.file_texts import check_file_texts
from transpiler.check.files.files_as_values import check_file_as_value, check_files_by_value
from transpiler.check.files.loop_files import check_collected, check_files_of_loops
from transpiler.check.files.stored_files import check_stored_by_value
from transpiler.check.files.unwritten_outputs import check_stored_outputs, check_unwritten, check_written
from transpiler.check.tasks.caches import check_cache
from transpiler.check.tasks.json_numbers import check_json_numbers
from transpiler.check.tasks.needed_arguments import check_absent_arguments, check_arguments_without_effect
from transpiler.check.tasks.printed_results import check_printed_in_loops
from transpiler.dataflow.collected import handed_on
from transpiler.dataflow.instances import Dataflow, Instance
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import Text
from transpiler.model.pipeline import Pipeline
from transpiler.model.transport import Transport
from transpiler.resolve.scope import Scope


def check_dataflow(dataflow: Dataflow, pipeline: Pipeline | None, report: Report) -> None:
    """Every rule about the dataflow of a pipeline, or of a graph component on its own."""
    check_printed_in_loops(dataflow.instances, report)
    for instance in dataflow.instances:
        if instance.scope is not None:
            _check_calls(instance, instance.scope, report)
            _check_outputs(instance, instance.scope, report)
    if pipeline is not None:
        if pipeline.artifacts is not None:
            from transpiler.check.files.volume_passing import check_volume_passing  # noqa: PLC0415 - rare

            check_volume_passing(pipeline.artifacts, dataflow.instances, report)
        on_exit = dataflow.on_exit.scope if dataflow.on_exit is not None else None
        check_pods_at_the_end(on_exit, pipeline.parallelism, report)


def _check_calls(caller: Instance, scope: Scope, report: Report) -> None:
    """The rules about every use of every component."""
    handed = handed_on(caller)
    for call, callee in caller.called:
        check_absent_arguments(call, caller, report)
        check_arguments_without_effect(call, callee, caller, report)
        check_json_numbers(call, callee, caller, report)
        check_unwritten(call, caller, report)
        check_files_of_loops(call, callee, scope, report)
        check_stored_outputs(call, callee, report)
        check_files_by_value(call, callee, scope, report)
        check_stored_by_value(call, callee, report)
        check_file_texts(call, callee, scope, report)
        check_cache(call, callee, handed, report)


def _check_outputs(instance: Instance, scope: Scope, report: Report) -> None:
    """The rules about the outputs of a DAG that a caller uses."""
    for output in scope.outputs:
        if isinstance(output.value, Text) and output.name in instance.yields:
            check_written(output.value, instance, report)
            check_collected(output.value, scope, report)
            for reference in output.value.references if Transport.VALUE in instance.yields[output.name] else ():
                check_file_as_value(reference, scope, report)
