"""Functions of other languages: their names here, or what to do without them."""

from __future__ import annotations

from typing import Final

from transpiler.build.expressions.translations import FUNCTIONS as TRANSLATED
from transpiler.diagnostics import Hint
from transpiler.model.expressions.functions import FUNCTIONS
from transpiler.suggest import suggestion

_ITERATES: Final = "an expression has no functions of functions: use `forEach`, or compute it in a task"
_CHOICE: Final = "write `x ?? y`, or `x == '' ? y : x` for an empty string"
_NO_CHANCE: Final = "an expression gives the same in every try: use `workflow.uid`, which is new for each run"
_INSTEAD: Final = {
    "always": "write `depends: TASK.Succeeded || TASK.Failed || TASK.Errored`, or use `onExit`",
    "cancelled": "`onExit` of the pipeline runs after a stop too: write `workflow.status != 'Succeeded'` there",
    "failure": "write `tasks.TASK.status == 'Failed'`, or `workflow.status != 'Succeeded'` in `onExit`",
    "success": "delete it: a task runs only if those that it waits for have succeeded or were skipped",
    "now": "write `workflow.creationTimestamp`, the time when the run was made",
    "today": "write `formatTime(workflow.creationTimestamp, '%Y-%m-%d')`",
    "jsonpath": "write `json(x).name[0]`",
    "env": "write `env.NAME`, outside of other operators",
    "range": "",
    **dict.fromkeys(["date", "strftime", "formatDate", "dateInZone"], "write `formatTime(time, '%Y-%m-%d')`"),
    **dict.fromkeys(["default", "coalesce", "ifnull", "get"], _CHOICE),
    **dict.fromkeys(["if", "iif", "ternary", "cond"], "write `test ? x : y`"),
    **dict.fromkeys(["isNull", "isNone", "empty", "exists", "defined", "isPresent"], "write `x == null` or `x == ''`"),
    **dict.fromkeys(["map", "filter", "reduce", "all", "any", "none", "one", "find", "count", "sortBy"], _ITERATES),
    **dict.fromkeys(["uuid", "uuidv4", "random", "rand", "randAlphaNum", "uniqid"], _NO_CHANCE),
    **dict.fromkeys(["format", "printf", "sprintf"], "write the text itself, with references: `a ${{ inputs.x }} b`"),
}


def instead_of(name: str) -> str:
    """The hint about a function that there is not."""
    if name in TRANSLATED:
        ours = TRANSLATED[name]
        return Hint(f"write `{ours}`", ours, name)
    hint = _INSTEAD.get(name, "") or suggestion(name, FUNCTIONS, "functions")
    return hint or "`transpile explain unknown-function` lists the functions"
