"""Manifests that hold expressions in every place, and the runs that Argo evaluates them in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.judges.controller import SKIPPED, Became, Controller, Ended
from tests.language.expressions.generate import KINDS
from tests.language.expressions.printer import printed
from tests.language.expressions.semantics import ANY, JSON, Names, kind_of, references_in, text_of_json
from transpiler import Options, compile_bytes
from transpiler.model.expressions.tree import Expression, FactReference, OutputReference

HERE: Final = Path(__file__).parent


def component(inputs: Sequence[str] = (), outputs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A component that takes values, and yields outputs of those types."""
    command = ["a", *({"inputValue": name} for name in inputs), *({"outputPath": name} for name in outputs or {})]
    return {
        "inputs": [{"name": name} for name in inputs],
        "outputs": [{"name": name, "type": kind} for name, kind in (outputs or {}).items()],
        "implementation": {"container": {"image": "a", "command": command}},
    }


DEFAULTS: Final = {
    "JsonArray": "[]",
    "JsonObject": "{}",
    "Boolean": "true",
    "Integer": "1",
    "Float": "1",
    "String": "",
    ANY: "",
}
BASE: Final[dict[str, Any]] = {
    "name": "expressions",
    "labels": {"app.kubernetes.io/name": "shop"},
    "inputs": {
        f"{each}-{kind.lower()}": {"type": kind, **keys}
        for kind in (*KINDS, ANY)
        for each, keys in (("given", {"default": DEFAULTS[kind]}), ("asked", {}), ("optional", {"optional": True}))
    },
    "components": {"make": component(outputs={kind: kind for kind in KINDS}), "show": component(["x"])},
}
TASKS: Final[dict[str, Any]] = {
    "done": {"component": "make"},
    "maybe": {"component": "make", "when": "inputs.given-boolean"},
    "each": {"component": "make", "forEach": ["a", "b"], "when": "inputs.given-boolean"},
}


def show(text: str, **keys: Any) -> dict[str, Any]:
    """A task that is passed a text."""
    return {"component": "show", "arguments": {"x": text}, **keys}


def manifest(nodes: Sequence[Expression], names: Names) -> dict[str, Any]:
    """Each expression as a whole argument, inside text, in a group, as a condition, and as what the pipeline yields."""
    tasks, outputs = dict(TASKS), {}
    for number, node in enumerate(nodes):
        text = printed(node)
        tasks[f"whole-{number}"] = show(f"${{{{ {text} }}}}")
        tasks[f"inside-{number}"] = show(f"[${{{{\n{text}\n}}}}]")
        tasks[f"group-{number}"] = {"tasks": {"inner": show(f"${{{{{text}}}}}")}}
        if kind_of(node, names) in {"Boolean", ANY, JSON}:
            tasks[f"when-{number}"] = show("a", when=text)
        if any(isinstance(each, (OutputReference, FactReference)) for each in references_in(node)):
            outputs[f"out-{number}"] = f"${{{{ {text} }}}}"
    return {**BASE, "tasks": tasks, "outputs": outputs}


def compiled(document: Mapping[str, Any], version: str = "") -> tuple[str | None, dict[int, set[str]]]:
    """The Workflow for a version of Argo, and the codes of all errors by line."""
    data = json.dumps(document, indent=1, ensure_ascii=False).encode()
    compilation = compile_bytes("pipeline.yaml", data, HERE, Options(argo=version))
    codes: dict[int, set[str]] = {}
    for each in compilation.diagnostics:
        if each.severity == "error":
            codes.setdefault(each.span.line, set()).add(each.code)
    return compilation.text, codes


def line_of(document: Mapping[str, Any], text: str) -> int:
    """The line that a text stands in."""
    lines = json.dumps(document, indent=1, ensure_ascii=False).split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


def ended(names: Names) -> dict[str, Ended]:
    """How the tasks ended that expressions refer to."""
    outputs = {
        task: {kind: names[f"tasks.{task}.outputs.{kind}"].text or "" for kind in KINDS} for task in ("done", "maybe")
    }
    is_skipped = names["tasks.maybe.outputs.String"].text is None
    lists = {kind: json.loads(names[f"tasks.each.outputs.{kind}"].text or "") for kind in KINDS}
    items = [
        Ended(outputs=outputs["done"] | {kind: str(text_of_json(lists[kind][number])) for kind in lists})
        for number in range(len(lists["String"]))
    ]
    return {
        "done": Ended(outputs=outputs["done"]),
        "maybe": SKIPPED if is_skipped else Ended(outputs=outputs["maybe"]),
        "each": Ended(items=[*items, SKIPPED]),
    }


def received(controller: Controller, workflow: str, names: Names) -> dict[str, str | None]:
    """What Argo makes of the expressions of a manifest, by task and output; None where it ends the run."""
    given = {key.removeprefix("inputs."): each.text or "" for key, each in names.items() if key.startswith("inputs.")}
    dag = controller.run(workflow, arguments=given, ended=ended(names))
    texts: dict[str, str | None] = dict(dag.outputs)
    for task, became in dag.tasks.items():
        assert not became.waits, f"{task}: {became.error}"
        if task.startswith("when-"):
            texts[task] = None if became.error else became.runs[0].when
        elif task.startswith("group-") and is_run(became):
            inner = controller.run(workflow, template=task, arguments=became.runs[0].inputs).tasks["inner"]
            texts[task] = passed(inner, "x")
        else:
            texts[task] = passed(became, "x")
    return texts


def is_run(became: Became) -> bool:
    return not became.error and not became.runs[0].error


def passed(became: Became, name: str) -> str | None:
    """What a task receives; None when the run ends there."""
    return became.runs[0].inputs.get(name) if is_run(became) and became.runs else None
