"""The forms of Argo 3.6, where its controller understands less than later ones. A pass over the finished object.

- Outputs of a skipped task are missing, and not absent: in an expression the way to them is open (`?.`), and an
  argument says the default of the input itself. Otherwise the text of the tag would be the value.
- The text of an item that is a string is still escaped as in JSON. It is read as JSON, and the items of a list that
  only the run knows become strings before.
- `asInt` and `asFloat` give numbers of a kind that other functions do not take; `int` and `float` do.
- Templates have no annotations. Those of Argo's UI are left out; `check/argo/versions.py` refuses all others.

Runs in the controllers of both versions compare what becomes of it (`tests/argo/test_targets.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from transpiler.argo.text import is_escaped_in_json
from transpiler.argo.versions import OF_UI, is_before
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, with_workflow_spec, workflow_spec
from transpiler.plan.expressions.engine import quoted

_TEXT: Final = r"'(?:[^'\\]|\\.)*'"
_FUNCTIONS: Final = {"asInt(": "int(", "asFloat(": "float("}
_PIECES: Final = regex(
    rf"(?P<task>\b(?:tasks|steps)\[{_TEXT}\]\.outputs)\.(?P<output>parameters(?P<names>(?:\[{_TEXT}\])*)|result)"
    rf"|(?P<text>{_TEXT})"
    r"|\b(?P<function>as(?:Int|Float)\()"
    r"|(?<![.\w])(?P<item>item)\b(?!\??[.\[])"
)
_TAG: Final = regex(r"\{\{=(.*?)\}\}", re.DOTALL)
_TAG_ALONE: Final = regex(r"\{\{(?:=(.*?)|([^={}]+))\}\}", re.DOTALL)
_OUTPUT: Final = regex(r"\{\{((?:tasks|steps)\.[^.{}]+\.outputs\.parameters\.[^{}]+)\}\}")
_USES: Final = regex(r"(?<=\{\{)item\b\.?|(?<![\w.'{])item\b(?:\??[.\[])?")
_LISTS: Final = ("withItems", "withParam")
_LEVELS: Final = frozenset(["outputs", "parameters", "result"])
_EXPRESSIONS: Final = ("expression", "fromExpression")
"""Fields that are an expression without a tag around it."""
_ITEM: Final = "(sprig.fromJson('\"' + item + '\"') ?? item)"
_ITEMS: Final = "fromJSON(type({0}) == 'string' ? ({0}) : toJson({0}))"

Write = Callable[[str, bool], str]
"""A text, and whether all of it is an expression → the text in its older form."""


def in_older_forms(node: Node, version: str) -> Node:
    """The object as that version of Argo understands it."""
    spec = workflow_spec(node)
    if not is_before(version, "3.7") or "templates" not in spec:
        return node
    defaults = {each["name"]: _defaults(each) for each in spec["templates"]}
    templates = [_template(each, defaults) for each in spec["templates"]]
    return with_workflow_spec(node, {**_rewritten(spec, _expression), "templates": templates})


def _defaults(template: Node) -> Mapping[str, str]:
    """Input → its default."""
    inputs = template.get("inputs", {}).get("parameters", [])
    return {each["name"]: str(each[key]) for each in inputs for key in ("default", "value") if key in each}


def _template(template: Node, defaults: Mapping[str, Mapping[str, str]]) -> Node:
    """A template in its older form; tasks are told apart, since items are known only in them."""
    found: Node = _rewritten(
        {key: value for key, value in template.items() if key not in {"dag", "steps"}}, _expression
    )
    if "annotations" in found:
        found = {**found, "annotations": _own(found["annotations"])}
    if "dag" in template:
        tasks = [_task(each, defaults) for each in template["dag"]["tasks"]]
        found["dag"] = {**template["dag"], "tasks": tasks}
    if "steps" in template:
        found["steps"] = [[_task(each, defaults) for each in row] for row in template["steps"]]
    return {key: value for key, value in found.items() if key != "annotations" or value}


def _own(annotations: Mapping[str, str]) -> Node:
    """The annotations that are not for Argo's UI."""
    return {key: value for key, value in annotations.items() if not key.startswith(OF_UI)}


def _task(task: Node, defaults: Mapping[str, Mapping[str, str]]) -> Node:
    """A task of a DAG, or a step."""
    task = _given(task, defaults)
    if "hooks" in task:
        task = {**task, "hooks": {name: _given(hook, defaults) for name, hook in task["hooks"].items()}}
    loop = {key: _rewritten(task[key], _expression) for key in _LISTS if key in task}
    write = _expression
    if _is_escaped(task):
        write = _with_items
        loop |= {key: _all_texts(text) for key, text in loop.items() if key == "withParam"}
    return {**_rewritten(task, write), **loop}


def _given(call: Node, defaults: Mapping[str, Mapping[str, str]]) -> Node:
    """A call of a template, by a task or a hook, with what inputs take for outputs that are missing."""
    parameters = call.get("arguments", {}).get("parameters", [])
    if not parameters:
        return call
    known = defaults.get(call.get("template", ""), {})
    given = [_with_default(each, known.get(each["name"])) for each in parameters]
    return {**call, "arguments": {**call["arguments"], "parameters": given}}


def _is_escaped(task: Node) -> bool:
    """True for a task that uses the text of whole items, which may be escaped, and no parts of them."""
    uses = [found.group() for found in _USES.finditer(json.dumps({**task, **dict.fromkeys(_LISTS)}))]
    if not uses or any(use != "item" for use in uses):
        return False
    if "withParam" in task:
        return _TAG_ALONE.fullmatch(task["withParam"]) is not None
    items = task.get("withItems", ())
    return any(is_escaped_in_json(each) or "{{" in each for each in items if isinstance(each, str))


def _all_texts(items: str) -> str:
    """A list of the run as a list of texts, of which each is escaped as in JSON."""
    found = _TAG_ALONE.fullmatch(items)
    assert found is not None
    given = f"fromJSON({_path(found[2])})" if found[2] else _ITEMS.format(found[1])
    return f"{{{{=toJson(map({given}, type(#) == 'string' ? # : toJson(#)))}}}}"


def _path(name: str) -> str:
    """A name in a tag, as an expression has it."""
    root, *names = name.split(".")
    return root + "".join(f".{each}" if each in _LEVELS else f"[{quoted(each).text}]" for each in names)


def _with_default(argument: Node, default: str | None) -> Node:
    """An argument that is an output of a task which may be skipped: what the input takes then."""
    found = _OUTPUT.fullmatch(str(argument.get("value", "")))
    if found is None or default is None:
        return argument
    return {**argument, "value": f"{{{{={_path(found[1])} ?? {quoted(default).text}}}}}"}


def _rewritten(value: Any, write: Write, *, is_expression: bool = False) -> Any:
    """Data with all its texts written anew."""
    if isinstance(value, dict):
        return {key: _rewritten(each, write, is_expression=key in _EXPRESSIONS) for key, each in value.items()}
    if isinstance(value, list):
        return [_rewritten(each, write) for each in value]
    return write(value, is_expression) if isinstance(value, str) else value


def _expression(text: str, is_expression: bool) -> str:
    """A text, the expressions in it in their older form."""
    if is_expression:
        return _PIECES.sub(_piece, text)
    return _in_tags(text, _piece) if "{{=" in text else text


def _with_items(text: str, is_expression: bool) -> str:
    """The same, where the text of the item may be escaped."""
    found = _expression(text, is_expression).replace("{{item}}", "{{=item}}")
    return _in_tags(found, _item)


def _in_tags(text: str, write: Callable[[re.Match[str]], str]) -> str:
    """A text with the pieces of the expressions in it written anew."""
    return _TAG.sub(lambda tag: f"{{{{={_PIECES.sub(write, tag[1])}}}}}", text)


def _piece(found: re.Match[str]) -> str:
    if found["function"]:
        return _FUNCTIONS[found["function"]]
    if not found["task"]:
        return found[0]
    if found["output"] == "result":
        return f"({found['task']} == nil ? nil : {found[0]})"  # Argo keeps what is printed for a path like this alone
    names = found["names"].replace("[", "?.[")
    return f"{found['task']}?.parameters{names}"


def _item(found: re.Match[str]) -> str:
    return _ITEM if found["item"] else found[0]
