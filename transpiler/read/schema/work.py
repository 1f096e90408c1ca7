"""What a task runs, said in words of other tools: a template's fields, a command, an approval, in the task itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from transpiler.argo.template_kinds import KINDS

CALLEES: Final = frozenset({"component", "pipeline", "tasks", "template", "templateRef"})
_WAITS: Final = frozenset({"approval", "approve", "manual", "pause", "confirm", "gate"})
_WORDS: Final = frozenset({"data", "resource", "http", "plugin"})
"""Kinds of template that are names of inputs too."""
_COMMANDS: Final = frozenset({"run", "bash", "sh", "shell", "cmd"})
OF_PROGRAMS: Final = ("command", "args", "source")


def work_of_task(key: str, node: Mapping[str, Any]) -> str:
    """The hint for an unknown key of a task that says what it runs; else empty."""
    value = node[key]
    instead = " in place of `component`" if "component" in node else ""
    if key in KINDS:
        is_value = key in _WORDS and isinstance(value, (str, int, float)) and "component" in node
        meant = f"write `template: {{{key}: …}}`{instead}"
        return f"an argument is written `arguments: {{{key}: …}}`" if is_value else f"a task runs one thing: {meant}"
    if key in _WAITS:
        return f"write `template: {{suspend: {{}}}}`{instead}: it waits until somebody resumes the run"
    if key in _COMMANDS and isinstance(value, str) and (key != "run" or len(value.split()) > 1):
        return f"write `template: {{script: {{image: …, command: [sh], source: …}}}}`{instead}"
    if key in OF_PROGRAMS and CALLEES.isdisjoint(node):
        return _program(node)
    return ""


def _program(node: Mapping[str, Any]) -> str:
    """The template with the fields of a program that stand in a task."""
    fields = ", ".join(f"{key}: …" for key in ("image", *OF_PROGRAMS) if key in node or key == "image")
    return f"write `template: {{{'script' if 'source' in node else 'container'}: {{{fields}}}}}`"


def says_work(node: Mapping[str, Any]) -> bool:
    """True for a task whose work stands in a key that it does not have, which is reported."""
    return any(work_of_task(key, node) for key in node)


def of_program(unknown: Collection[str], node: Mapping[str, Any]) -> list[str]:
    """The keys of a program in a task that runs nothing else: they are one mistake."""
    return [key for key in unknown if key in OF_PROGRAMS] if CALLEES.isdisjoint(node) else []


def template_hint(path: tuple[str | int, ...], value: Any) -> str:
    """The hint for the name of a template where the template itself is written."""
    if path[-1:] != ("template",) or len(path) < 3 or not isinstance(value, str) or not value:
        return ""
    if value in KINDS:
        return f"write `template: {{{value}: {'{}' if value == 'suspend' else '…'}}}`"
    return "`template` is the template itself; one in the cluster is `templateRef: {name: …, template: …}`"
