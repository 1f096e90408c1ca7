"""Which tasks print something that others read."""

from __future__ import annotations

import json
from typing import Final

from transpiler.engine.names import task_of
from transpiler.engine.run import Call, Run
from transpiler.patterns import regex

_RESULT: Final = regex(r"""(?:tasks|steps)(?:\.([a-zA-Z0-9_-]+)|\[\\?['"]([a-zA-Z0-9_-]+)\\?['"]\])\.outputs\.result""")


def wants_result(run: Run, call: Call, name: str) -> bool:
    """True if a DAG or steps mention what a task of theirs prints."""
    if call.boundary is None:
        return False
    raw = call.boundary.work.raw
    known = run.cache.get(("result", id(raw)))
    if known is None:
        known = {one or other for one, other in _RESULT.findall(json.dumps(raw))}
        run.cache["result", id(raw)] = known
    return task_of(name) in known
