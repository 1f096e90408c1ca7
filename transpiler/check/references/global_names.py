"""`workflow.outputs.parameters.NAME`: some task must give an output of its that name for the whole run."""

from __future__ import annotations

from transpiler.argo.variables import GLOBAL_OUTPUT
from transpiler.diagnostics import Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import WorkflowReference
from transpiler.model.pipeline import Pipeline
from transpiler.resolve.program import Program
from transpiler.resolve.run_outputs import names_below, names_given
from transpiler.resolve.scope import calls_of
from transpiler.suggest import suggestion


def check_global_names(pipeline: Pipeline, program: Program, report: Report) -> None:
    """Report names that no output has. A name known only in the run may be any."""
    calls = [call for scope in program.scopes for call in calls_of(scope)]
    used = [each for call in calls for each in references_of(call.task) if isinstance(each, WorkflowReference)]
    wanted = [each for each in used if each.name.startswith(GLOBAL_OUTPUT)]
    if not wanted:
        return
    known = {name for call in calls for name in names_given(call)} | set(names_below(dict(pipeline.argo)))
    if not pipeline.is_complete or any("{" in name for name in known):
        return
    for reference in wanted:
        name = reference.name.removeprefix(GLOBAL_OUTPUT)
        if name not in known:
            hint = suggestion(name, known, "global names")
            hint = hint or f"declare it for an output: `outputs: {{OUTPUT: {{globalName: {name}}}}}`"
            message = f"no output has the global name `{name}`"
            report.error("unknown-variable", message, reference.span, hint)
