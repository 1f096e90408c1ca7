"""References in KFP's own form, which have no meaning in a manifest: a mapping there is JSON."""

from __future__ import annotations

from typing import Any, Final

from transpiler.patterns import regex

_IDENTIFIER: Final = regex(r"[A-Za-z_]\w*(?:-\w+)*")
_OUTPUTS: Final = {
    "taskOutput": ("taskId", "outputName"),
    "taskOutputParameter": ("producerTask", "outputParameterKey"),
    "taskOutputArtifact": ("producerTask", "outputArtifactKey"),
}
"""How KFP 1 and 2 name an output of a task: the task, and the output."""
_INPUTS: Final = {"graphInput": "inputName", "componentInputParameter": "", "componentInputArtifact": ""}
"""How they name an input of the pipeline."""


def kfp_reference(value: Any) -> str:
    """What a mapping in KFP's form is here, such as `tasks.a.output`; empty for any other value."""
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    ((key, body),) = value.items()
    if key in _INPUTS:
        name = body.get(_INPUTS[key]) if isinstance(body, dict) else body
        return f"inputs{_member(name)}" if isinstance(name, str) and name else ""
    if key not in _OUTPUTS or not isinstance(body, dict):
        return ""
    task, output = (body.get(each) for each in _OUTPUTS[key])
    if not isinstance(task, str) or not task:
        return ""
    return (
        f"tasks{_member(task)}.outputs{_member(output)}" if isinstance(output, str) else f"tasks{_member(task)}.output"
    )


def _member(name: str) -> str:
    return f".{name}" if _IDENTIFIER.fullmatch(name) else f"['{name}']"
