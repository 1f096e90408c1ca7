"""JSON Schema's findings → diagnostics at the line of each.

Reports the leaf of every failure once: an unknown key that looks like a missing one is one mistake, not two.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from transpiler.argo.time_zones import zone_hint
from transpiler.diagnostics import Hint, Report, excerpt
from transpiler.read.schema.dedented import dedented
from transpiler.read.schema.finding import Failure, Place, said
from transpiler.read.schema.homes import home_of_task
from transpiler.read.schema.keywords import validator
from transpiler.read.schema.misplaced import REFERENCE
from transpiler.read.schema.run_together import key_in
from transpiler.read.schema.unknown_keys import CLOSE, MAX_UNKNOWN, report_unknown_keys
from transpiler.read.schema.vocabulary import RESOURCES, meaning
from transpiler.read.schema.work import says_work, template_hint
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
from transpiler.suggest import correction, did_you_mean, suggestion


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
        report_unknown_keys(error, place, name, report)
    elif error.validator == "required":
        _missing_keys(error, place, report)
    elif _is_a_reference(error, name):
        message = f"a reference cannot be used here: {place.name} is read before values are inserted"
        report.error("misplaced-reference", message, place.span, "write the value itself")
    elif error.validator == "type" and name == "pipeline" and (hint := template_hint(place.path, place.node)):
        message = f"{place.name} must be a mapping, not the string `{excerpt(place.node)}`"
        report.error("wrong-type", message, place.span, hint)
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
    meant = RESOURCES.get(key.lower(), "") or did_you_mean(key, known, CLOSE)
    return correction(key, meant) if meant in known else None


def _missing_keys(error: Failure, place: Place, report: Report) -> None:
    known = properties_of(error.schema)
    is_open = "properties" in error.schema and error.schema.get("additionalProperties") is not False
    # an unknown key is reported as what is missing, if a misspelt one; but not in an open mapping
    unknown = [key for key in place.node if key not in known] if not is_open else []
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
