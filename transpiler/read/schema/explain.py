"""JSON Schema's findings → diagnostics at the line of each.

Reports the leaf of every failure once: an unknown key that looks like a missing one is one mistake, not two.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, Final

from transpiler.argo.time_zones import zone_hint
from transpiler.diagnostics import Hint, Report, excerpt
from transpiler.read.schema import argo_fields
from transpiler.read.schema.dedented import dedented, report_dedented
from transpiler.read.schema.finding import Failure, Place, said
from transpiler.read.schema.homes import home_of_body, home_of_task, way_home
from transpiler.read.schema.keywords import validator
from transpiler.read.schema.misplaced import REFERENCE
from transpiler.read.schema.run_together import key_in
from transpiler.read.schema.vocabulary import RESOURCES, SHAPED, meaning, written_already
from transpiler.read.schema.work import of_program, says_work, template_hint, work_of_task
from transpiler.read.schema.wrong_values import (
    hint_of,
    in_kebab_case,
    is_octal,
    properties_of,
    report_octal,
    report_twin,
    report_type,
    report_value,
)
from transpiler.read.yaml.nodes import UNUSABLE, Map
from transpiler.suggest import correction, did_you_mean, listing, suggestion

MAX_UNKNOWN: Final = 100
"""Unknown keys of one mapping that are reported: looking for what each might have meant takes time."""


def explain_findings(document: Map, name: str, misplaced: Collection[tuple[str | int, ...]], report: Report) -> None:
    """Report what is wrong with a document, by a shipped schema; places that are `misplaced` are reported already."""
    by_place: dict[tuple[str | int, ...], list[Failure]] = {}
    for found in (each for error in validator(name).iter_errors(document) for each in said(error)):
        by_place.setdefault(tuple(found.absolute_path), []).append(Failure(found))
    misnamed = {
        (*path, error.instance) for path, errors in by_place.items() for error in errors if error.is_about_a_key
    }
    headers = {(*path, header) for path, errors in by_place.items() for header in _headers(document, path, errors)}
    for path, errors in by_place.items():
        if path in misnamed or path in misplaced or path in headers:
            continue  # what stands under a name that nothing has
        place = Place(document, path)
        if place.is_incomplete:
            continue  # what could be read of a broken value
        wrong = [error for error in errors if not _is_text(error, place)]
        if wrong:
            place.mark_incomplete()
        home = home_of_task(path, place.node) if name == "pipeline" and wrong else ""
        if home:
            report.error("unknown-key", f"`{path[-1]}` stands among the tasks", place.owner_span, home)
            continue
        leaves = sorted(_leaves(wrong, place.node), key=lambda error: error.validator == "required")
        for error in leaves if not report.is_full else ():
            _translate(error, place, name, report)


def _headers(document: Map, path: tuple[str | int, ...], errors: list[Failure]) -> list[str]:
    """The empty keys of a mapping whose content stands beside them."""
    known: dict[str, Any] = next(
        (each.schema.get("properties", {}) for each in errors if each.validator == "additionalProperties"), {}
    )
    return [each.header for each in dedented(Place(document, path).node, known)] if known else []


def _is_text(error: Failure, place: Place) -> bool:
    """True for a quoted number: where texts are fine, that is one."""
    return error.validator == "x-octal-or-text" and place.written != place.node


def _leaves(errors: list[Failure], node: Any) -> Iterator[Failure]:
    """Drop what another finding at the same place explains."""
    if node is UNUSABLE:
        return
    kinds = {error.validator for error in errors}
    types = [error for error in errors if error.validator == "type"]
    if len(types) > 1:  # of alternatives in alternatives: the one that allows most
        errors = [max(types, key=lambda each: isinstance(each.validator_value, list) and len(each.validator_value))]
    if isinstance(node, Map) and node.is_incomplete:
        errors = [error for error in errors if error.is_about_a_key or error.validator == "additionalProperties"]
    for error in errors:
        if "type" in kinds and error.validator != "type":
            continue
        if "additionalProperties" in kinds and error.validator in {"maxProperties", "minProperties"}:
            continue
        yield error


def _translate(error: Failure, place: Place, name: str, report: Report) -> None:
    if error.is_about_a_key:
        _invalid_key(error, place, report)
    elif is_octal(error, place):
        report_octal(place, report)
    elif error.validator == "x-kubernetes-list-map-keys":
        report_twin(error, place, report)
    elif error.validator == "additionalProperties":
        _unknown_keys(error, place, name, report)
    elif error.validator == "required":
        _missing_keys(error, place, report)
    elif _is_a_reference(error, name):
        message = f"a reference cannot be used here: {place.name} is read before values are inserted"
        report.error("misplaced-reference", message, place.span, "write the value itself")
    elif error.validator == "type" and name == "pipeline" and template_hint(place.path, place.node):
        message = f"{place.name} must be a mapping, not the string `{excerpt(place.node)}`"
        report.error("wrong-type", message, place.span, template_hint(place.path, place.node))
    elif error.validator == "type":
        report_type(error, place, name, report)
    elif error.validator == "enum":
        written = _written(error.instance)
        allowed = [_written(value) for value in error.validator_value if value != ""]
        known = hint_of(error) if "x-hint" in error.schema and not did_you_mean(written, allowed) else ""
        known = zone_hint(written, allowed) if error.schema.get("x-what") == "time zone" else known
        only = Hint(f"write `{allowed[0]}`", allowed[0]) if len(allowed) == 1 else ""
        hint = known or only or suggestion(written, allowed, "values") or hint_of(error)
        message = f"`{excerpt(written)}` is not a valid value for {place.name}"
        report.error("wrong-value", message, place.span, hint)
    else:
        report_value(error, place, report)


def _written(value: object) -> str:
    """A value as YAML writes it, with `true`, `false` and `null`."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _is_a_reference(error: Failure, name: str) -> bool:
    """True for a text with a reference where a number, a choice or a text of some form is wanted."""
    wanted = error.validator_value if error.validator == "type" else "string"
    scalars = {"string", "integer", "number", "boolean", "null"}
    is_scalar = set([wanted] if isinstance(wanted, str) else wanted) <= scalars
    return (
        name == "pipeline" and is_scalar and isinstance(error.instance, str) and bool(REFERENCE.search(error.instance))
    )


def _invalid_key(error: Failure, place: Place, report: Report) -> None:
    key = str(error.instance)
    if key in place.node.incomplete_keys:  # the key of a broken line may be anything
        place.node.is_incomplete = True
        return
    place.node.incomplete_keys.add(key)
    written = key if key.isprintable() and len(key) <= 60 else excerpt(key)  # a space at an end may be what is wrong
    hint = in_kebab_case(key, error) or _resource(key, error) or hint_of(error)
    report.error("invalid-name", f"`{written}` is not a valid name", place.node.key_span(key), hint)


def _resource(key: str, error: Failure) -> Hint | None:
    """The hint for a word that stands for a resource."""
    known = [*dict.fromkeys(RESOURCES.values())] if error.schema.get("x-what") == "name of a resource" else []
    meant = RESOURCES.get(key.lower(), "") or did_you_mean(key, known, _CLOSE)
    return correction(key, meant) if meant in known else None


def _unknown_keys(error: Failure, place: Place, name: str, report: Report) -> None:
    known = error.schema.get("properties", {})
    missing = [key for key in known if key not in place.node]
    unknown = [key for key in place.node if key not in known]
    if any(key in place.node.incomplete_keys for key in unknown):  # the key of a broken line may be anything
        place.node.is_incomplete = True
        unknown = [key for key in unknown if key not in place.node.incomplete_keys]
    owners = argo_fields.owners(name, error.schema_path)
    where = f" in Argo's {argo_fields.shown(owners[-1])}" if owners else ""
    for group in dedented(place.node, known) if not owners else ():
        report_dedented(group, place.node, report)
        unknown = [key for key in unknown if key not in group.keys]
    of_container = _of_container(unknown, known, place.node) if not owners else []
    for key in unknown[:MAX_UNKNOWN]:
        if key in of_container[1:]:
            place.node.incomplete_keys.add(key)
            continue
        together, run_together = key_in(key, place.node[key], missing)
        home = "" if owners else way_home(key, place.node, known, name)
        home = home or ("" if place.path or name != "pipeline" else home_of_body(place.node[key]))
        is_work = "templateRef" in known and bool(work_of_task(key, place.node))
        meant = together or ("" if is_work else meaning(key, missing))
        meant = meant or ("" if home else did_you_mean(key, missing, _CLOSE))
        hint = _CONTAINER_BELOW if key in of_container and "templateRef" not in known else ""
        hint = _TEXT_OF_A_FILE if key == "file" and "inputValue" in known else hint
        split = _split_text(key, place.node)
        if split:
            place.node.incomplete_keys |= _before(key, place.node)
        hint = hint or run_together or split
        hint = hint or (SHAPED.get(key, "") or correction(key, meant) if meant and not owners else "")
        hint = hint or (argo_fields.way_out(key, owners, place.node) if owners else _there(key, place.node) or home)
        place.node.incomplete_keys |= {key, meant}
        span = place.node.key_span(key)
        report.error(
            "unknown-key",
            f"unknown key `{excerpt(key)}`{where}",
            span,
            hint or _what_stands_here(error) or _ALL.get(name, ""),
        )


def _of_container(unknown: list[str], known: Collection[str], node: Map) -> list[str]:
    """The keys of a container that stand in the component, or in the reference to one: they are one mistake."""
    if "templateRef" in known:
        return of_program(unknown, node)
    is_component = "implementation" in known or "digest" in known
    return [key for key in unknown if is_component and key in {"image", "command", "args", "fileOutputs"}]


_CONTAINER_BELOW: Final = (
    "write the container of a component as `implementation: {container: {image: ..., command: ...}}`"
)
_TEXT_OF_A_FILE: Final = (
    "a component says its program itself; `{file: ...}` works in a task with "
    "`template: {script: {image: ..., command: [...], source: {file: ...}}}`"
)
_HERE: Final = "keys here"
_ALL: Final = {"pipeline": "`transpile schema pipeline` prints all keys"}
_CLOSE: Final = 0.7
"""How much a key must look like one that is known, of 1: half of the letters make no word of it."""


def _there(key: str, node: Map) -> str:
    """A word for a key that stands beside it."""
    there = written_already(key, node)
    return f"`{key}` means `{there}`, which is there already" if there else ""


def _what_stands_here(error: Failure) -> str:
    return error.schema.get("x-hint") or listing(error.schema.get("properties", {}), _HERE)


def _split_text(key: str, node: Map) -> str:
    """A key without value inside `{ }` is mostly the rest of a text with a comma."""
    in_braces = node.source.text.startswith("{", node.mark.start)
    return "quote the whole string: inside { }, a comma ends it" if in_braces and node[key] is None else ""


def _before(key: str, node: Map) -> set[str]:
    """The key whose text goes on in another key."""
    keys = list(node.keys_at)
    at = keys.index(key)
    return {keys[at - 1]} if at and isinstance(node.get(keys[at - 1]), str) else set()


def _missing_keys(error: Failure, place: Place, report: Report) -> None:
    known = properties_of(error.schema)
    unknown = [key for key in place.node if key not in known]
    missing = next(key for key in error.validator_value if f"'{key}'" in error.message.split(" is ")[0])
    if "templateRef" in error.choices and says_work(place.node):
        return
    meant = [missing, *sorted(error.choices - {missing})]
    if any(
        key_in(key, place.node[key], meant)[0] or meaning(key, meant) or did_you_mean(key, meant)
        for key in unknown[:MAX_UNKNOWN]
    ):
        return
    example = known.get(missing, {}).get("examples", [""])[0]
    hint = f"for example `{missing}: {example}`" if isinstance(example, str) and example else f"add `{missing}:`"
    report.error("missing-key", f"{place.name} has no `{missing}`", place.owner_span, hint)
