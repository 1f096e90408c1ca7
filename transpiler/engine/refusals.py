"""What the engine cannot do: refused before anything starts, never left out. A list of what it knows, for each type.

Fields that say something to a cluster alone, such as where pods go, have no meaning on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.argo.template_kinds import KINDS
from transpiler.engine import allowed
from transpiler.engine.allowed import ANY, FLAG, NUMBER, SCALAR, TEXT, OfPrograms, Type, WrongType
from transpiler.engine.items import is_format
from transpiler.engine.library import kind_of
from transpiler.engine.protocol import Refusal, RefusedError
from transpiler.plan.argo_objects import Node

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

_RUNNABLE: Final = frozenset(["container", "script", "containerSet", "dag", "steps", "suspend"])
_OBJECTS: Final = frozenset(["ConfigMap", "ServiceAccount"])
_SINGLE: Final[dict[object, tuple[Any, str]]] = {
    TEXT: (str, "it has to be a text"),
    NUMBER: (int, "it has to be a whole number"),
    FLAG: (bool, "it has to be true or false, without quotes"),
    SCALAR: ((str, int, float), "it has to be a single value"),
}
_YAML: Final[dict[type, str]] = {bool: "a boolean", int: "a number", float: "a number"}
_DEEPEST: Final = 50


def refuse(objects: Sequence[Any], *, are_faked: bool = False) -> None:
    """Raises RefusedError with all that cannot be done in these objects. `are_faked`: no program is to run."""
    judged = ((number, each) for number, given in enumerate(objects) for each in _object(given))
    found = [
        Refusal(number, path, message)
        for number, (path, message) in judged
        if not (are_faked and isinstance(message, OfPrograms))
    ]
    if not any(isinstance(each, dict) and str(each.get("kind")) in allowed.SPECS for each in objects):
        found.append(Refusal(0, (), "there is no Workflow to run"))
    if found:
        raise RefusedError(tuple(found))


def _object(given: Any) -> Found:
    if not isinstance(given, dict):
        yield (), WrongType("it is no object of Kubernetes")
        return
    kind = given.get("kind")
    if isinstance(kind, str) and kind in _OBJECTS:
        return
    path = allowed.SPECS.get(kind) if isinstance(kind, str) else None
    if path is None:
        yield ("kind",), f"a {kind} cannot run here"
        return
    metadata = given.get("metadata")
    if not isinstance(metadata, dict) or not all(isinstance(metadata.get(key) or {}, dict) for key in allowed.METADATA):
        yield ("metadata",), WrongType("it has to be a mapping")
        return
    spec: Any = given
    for key in path:
        spec = spec.get(key) if isinstance(spec, dict) else None
    if not isinstance(spec, dict):
        yield path, WrongType("it has to be a mapping")
        return
    yield from _checked(spec, allowed.SPEC, path, 0)
    if kind == "Workflow" and not spec.get("workflowTemplateRef") and not spec.get("entrypoint"):
        yield (*path, "entrypoint"), "it says which template runs first, and is missing"


def _checked(given: Any, wanted: Type, path: Path, depth: int) -> Found:
    if given is None or wanted is ANY:
        return
    if depth > _DEEPEST:
        yield path, "it is nested too deep"
    elif isinstance(wanted, list):
        yield from _entries(given, wanted[0], path, depth)
    elif isinstance(wanted, str):
        yield path, wanted
    elif isinstance(wanted, dict):
        if isinstance(given, dict):
            yield from _fields(given, wanted, path, depth)
        else:
            yield path, WrongType("it has to be a mapping")
    elif not isinstance(given, _SINGLE[wanted][0]) or (wanted is NUMBER and isinstance(given, bool)):
        is_bare = wanted is TEXT and isinstance(given, (int, float))
        more = f", and is {_YAML[type(given)]} in YAML 1.1: quote it" if is_bare else ""
        yield path, WrongType(_SINGLE[wanted][1] + more)


def _entries(given: Any, wanted: Type, path: Path, depth: int) -> Found:
    if not isinstance(given, list):
        yield path, WrongType("it has to be a list")
        return
    for index, each in enumerate(given):
        if each is None and isinstance(wanted, dict):
            yield (*path, index), WrongType("it is empty")
        else:
            yield from _checked(each, wanted, (*path, index), depth + 1)


def _fields(given: Mapping[Any, Any], wanted: Mapping[str, Any], path: Path, depth: int) -> Found:
    if "*" in wanted:
        for key, value in given.items():
            yield from _checked(value, wanted["*"], (*path, str(key)), depth + 1)
        return
    for key, value in given.items():
        if key in wanted:
            inner = allowed.TYPES.get(wanted[key], wanted[key]) if isinstance(wanted[key], str) else wanted[key]
            yield from _checked(value, inner, (*path, key), depth + 1)
        elif value is not None:
            yield (*path, str(key)), "the engine does not know it"
    yield from _rules(given, wanted, path)


def _rules(given: Mapping[Any, Any], wanted: Mapping[str, Any], path: Path) -> Found:
    """What a list of fields cannot say."""
    if wanted.get("name") == "named" and (given.get("name") is None or given["name"] == ""):
        yield (*path, "name"), WrongType("it is missing")
    if wanted is allowed.TEMPLATE:
        yield from _template(dict(given), path)
    elif wanted is allowed.SEQUENCE:
        text = str(given.get("format") or "%d")
        if "{{" not in text and not is_format(text):
            yield (*path, "format"), "formats of whole numbers alone are known, such as %d and %03d"
    elif wanted is allowed.DAG and not given.get("tasks"):
        yield (*path, "tasks"), "it must have at least one task"
    elif wanted is allowed.MEMOIZE and not _has_cache(given):
        yield (*path, "cache"), "the key or the ConfigMap of the cache is missing"


def _has_cache(memoize: Mapping[Any, Any]) -> bool:
    cache = memoize.get("cache")
    place = cache.get("configMap") if isinstance(cache, dict) else None
    return bool(isinstance(place, dict) and place.get("name") and memoize.get("key"))


def _template(given: Node, path: Path) -> Found:
    kinds = [kind for kind in KINDS if given.get(kind) is not None]
    if len(kinds) != 1 and path[-2:-1] != ("spec",):
        if "templateDefaults" not in path:
            yield path, f"it says {' and '.join(kinds) or 'nothing'} to run: it has to be one thing"
        return
    if kind_of(given) and kind_of(given) not in _RUNNABLE:
        yield (*path, kind_of(given)), OfPrograms(f"{kind_of(given)} templates need a cluster")
    if given.get("daemon"):
        yield (*path, "daemon"), "pods that go on in the background need a cluster"
