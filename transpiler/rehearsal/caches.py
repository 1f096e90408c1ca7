"""What a case says that a cache holds: a task takes it, and does not run, whatever its key."""

from __future__ import annotations

from transpiler.engine.protocol import Kept
from transpiler.plan.argo_objects import Node
from transpiler.rehearsal.acting import Cast, Texts
from transpiler.rehearsal.model import Fake
from transpiler.runs.homes import Home

_PROGRAMS = ("container", "script", "containerSet")


def kept_of(
    template: Node, home: Home, cast: Cast, fake: Fake, name: str, *, wants_result: bool
) -> tuple[Kept, dict[str, str]]:
    """What an earlier run of a node would have left: its outputs in Argo's fields, and key → the text in the file."""
    texts, declared = Texts(home, cast, fake), template.get("outputs") or {}
    outputs: Node = {}
    values = [(each, texts.text(each["name"])) for each in declared.get("parameters") or ()]
    files = [(each, texts.text(each["name"])) for each in declared.get("artifacts") or ()]
    if parameters := [{**_plain(each), "value": text} for each, text in values if text is not None]:
        outputs["parameters"] = parameters
    keys = {each["name"]: f"cache/{name}/{each['name']}" for each, text in files if text is not None}
    if keys:
        outputs["artifacts"] = [
            {**_plain(each), "s3": {"key": keys[each["name"]]}} for each, text in files if each["name"] in keys
        ]
    if any(template.get(kind) for kind in _PROGRAMS):
        outputs |= {"exitCode": "0", **({"result": texts.printed()} if wants_result else {})}
    return Kept(outputs, "", 0.0), {keys[each["name"]]: text for each, text in files if text is not None}


def _plain(port: Node) -> Node:
    """An output without where it came from."""
    return {key: port[key] for key in ("name", "path", "globalName", "archive", "optional") if key in port}
