"""A manifest with layers laid over it: values files, and single assignments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from transpiler.build.values.assignments import NAME
from transpiler.build.values.graph import refuse_graph
from transpiler.build.values.images import lay_images
from transpiler.build.values.inputs import lay_inputs
from transpiler.build.values.keys import FIXED, KEYS, OF_A_RUN
from transpiler.build.values.laid import Laid, laid_over, lay, opened, take_mistakes
from transpiler.build.values.references import refuse_references
from transpiler.build.values.tasks import lay_settings, lay_task, lay_tasks
from transpiler.diagnostics import Report
from transpiler.read.schema.vocabulary import meaning
from transpiler.read.schema.work import CALLEES
from transpiler.read.yaml.nodes import UNUSABLE, Map
from transpiler.suggest import correction, suggestion

SAME: Final = "a values file changes inputs, settings and images; the graph is the same everywhere"


def with_layers(document: Map, layers: Sequence[Map], report: Report) -> Laid:
    """The document with all layers laid over it, the last on top. What a layer may not say is reported."""
    laid = laid_over(document)
    laid.base = document
    for layer in layers:
        refuse_references(layer, report)
        refuse_graph(layer, report)
        laid.is_incomplete = laid.is_incomplete or layer.is_incomplete
        for key in layer:
            _lay(laid, key, layer, report)
    return laid


def with_tasks(document: Map, layers: Sequence[Map], report: Report) -> Laid:
    """The document of a pipeline that a task calls, with settings for its tasks laid over it."""
    laid = laid_over(document)
    tasks = opened(laid, "tasks")
    if tasks is not None:
        for layer in layers:
            lay_tasks(tasks, layer, report)
    return laid


def _lay(laid: Laid, key: str, layer: Map, report: Report) -> None:
    if layer.hides(key) or layer[key] is UNUSABLE:
        laid.incomplete_keys.add(key)
    elif key in OF_A_RUN:
        lay(laid, key, layer)
    elif key in _OTHERS:
        _OTHERS[key](laid, key, layer, report)
    else:
        _refuse(laid, key, layer, report)


def _refuse(laid: Laid, key: str, layer: Map, report: Report) -> None:
    span = layer.key_span(key)
    if key in FIXED:
        report.error("fixed-graph", f"`{key}` is the same in every environment", span, SAME)
        return
    inputs = laid.get("inputs")
    if isinstance(inputs, Map) and key in inputs:
        hint = f"did you mean `inputs.{key}`?" if layer.source.name == NAME else f"write `{key}` under `inputs`"
        report.error("unknown-key", f"`{key}` is not a key of a values file, but an input", span, hint)
        return
    meant = meaning(key, KEYS)
    hint = correction(key, meant) if meant else suggestion(key, KEYS, "keys of a values file") or SAME
    report.error("unknown-key", f"`{key}` is not a key of a values file", span, hint)


# ---------------------------------------------------------------------- keys with rules of their own


def _mapping(key: str, layer: Map, report: Report) -> Map | None:
    """The mapping at a key; None for `null`, and for what is none, which is reported."""
    value = layer[key]
    if isinstance(value, Map):
        return value
    if value is not None:
        report.error("wrong-type", f"`{key}` must be a mapping", layer.value_span(key), f"write `{key}: {{…}}`")
        layer.incomplete_keys.add(key)
    return None


def _presets(laid: Laid, key: str, layer: Map, report: Report) -> None:
    given = _mapping(key, layer, report)
    if given is None or opened(laid, key) is None:
        lay(laid, key, layer)
        return
    presets: Map = laid[key]
    for name, value in given.items():
        preset = opened(presets, name)
        if preset is None or not isinstance(value, Map):
            lay(presets, name, given)
        else:
            lay_settings(preset, value, ())


def _inputs(laid: Laid, key: str, layer: Map, report: Report) -> None:
    given = _mapping(key, layer, report)
    if given is not None:
        lay_inputs(laid, given, report)


def _images(laid: Laid, key: str, layer: Map, report: Report) -> None:
    given = _mapping(key, layer, report)
    if given is not None:
        lay_images(laid, given, report)


def _tasks(laid: Laid, key: str, layer: Map, report: Report) -> None:
    """`tasks`, `entries` and `hooks`: settings of tasks, by name or path."""
    given = _mapping(key, layer, report)
    tasks = opened(laid, key)
    if given is None:
        return
    if tasks is not None:
        lay_tasks(tasks, given, report)
    elif not laid.hides(key):
        message = f"the manifest has no `{key}`"
        report.error("fixed-graph", message, layer.key_span(key), SAME)


def _on_exit(laid: Laid, key: str, layer: Map, report: Report) -> None:
    """`onExit`: one task, or several by name."""
    ending = opened(laid, key)
    if ending is None or not isinstance(layer[key], Map) or CALLEES.isdisjoint(ending):
        _tasks(laid, key, layer, report)
    elif "tasks" not in ending:
        lay_task(laid, key, layer, report)
    elif (inner := opened(ending, "tasks")) is not None:
        lay_tasks(inner, layer[key], report)


def _defaults(laid: Laid, key: str, layer: Map, report: Report) -> None:
    given, own = _mapping(key, layer, report), opened(laid, key)
    if given is None or own is None:
        lay(laid, key, layer)
        return
    take_mistakes(own, given)
    for name in given:
        lay(own, name, given)


_OTHERS: Final[dict[str, Callable[[Laid, str, Map, Report], None]]] = {
    "defaults": _defaults,
    "presets": _presets,
    "inputs": _inputs,
    "images": _images,
    "tasks": _tasks,
    "entries": _tasks,
    "hooks": _tasks,
    "onExit": _on_exit,
}
