"""What kfp-kubernetes says of the pods of a component → settings, over which those of a task count.

Its messages are in `kubernetes_executor_config.proto`. What cannot be said of a single task, or depends on a value of
the run, is named in a warning, and so is what does not have the form of these messages: a file may hold anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from transpiler.build.kfp2.platform_fields import SAID, Unsaid
from transpiler.build.settings import build_settings
from transpiler.diagnostics import Report, Span, excerpt
from transpiler.model.settings import NO_SETTINGS, Settings
from transpiler.read.platforms import KEY
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map, Mark

_KUBERNETES: Final = "kubernetes"
_IN_A_TASK: Final = "say it in the task that uses the component, such as under `argo: {template: ...}`"


def build_platform(document: Map, executor: str, report: Report) -> Settings:
    """The settings of the component whose executor has that name."""
    platforms = fields.mapping(document, KEY)
    for name in platforms or ():
        if platforms is not None and name != _KUBERNETES:
            _warn(name, platforms.key_span(name), "only what is said of `kubernetes` has a meaning here", report)
    found = fields.mapping(platforms, _KUBERNETES) if platforms is not None else None
    deployment = fields.mapping(found, "deploymentSpec") if found is not None else None
    for name in found or ():
        if found is not None and name != "deploymentSpec":
            _warn(name, found.key_span(name), "say it in the manifest that uses the component", report)
    executors = fields.mapping(deployment, "executors") if deployment is not None else None
    config = fields.mapping(executors, executor) if executors is not None else None
    return _settings(config, report) if config is not None else NO_SETTINGS


def _settings(config: Map, report: Report) -> Settings:
    body = Map(config.source, config.mark)
    for key in config:
        for entry, mark in _entries(config, key):
            try:
                if key not in SAID:
                    raise Unsaid(_IN_A_TASK)
                _add(body, SAID[key](entry), mark)
            except Unsaid as unsaid:
                _warn(key, config.source.span(mark.start, mark.end), str(unsaid) or _IN_A_TASK, report)
    return build_settings(body, report, has_storage=False)


def _entries(config: Map, key: str) -> Iterator[tuple[Any, Mark]]:
    """The messages of a key, one or a list, each with its place: that of the key, or of an item."""
    value = config[key]
    if not isinstance(value, List):
        yield value, config.keys_at[key]
        return
    for item, mark in zip(value, value.items_at, strict=True):
        first = next(iter(item.keys_at.values()), mark) if isinstance(item, Map) else mark
        yield item, first


def _add(body: Map, said: dict[str, Any], mark: Mark) -> None:
    """Settings added to those said before: names beside names, items behind items."""
    for key, value in said.items():
        new = _placed(value, body, mark)
        old = body.get(key)
        if isinstance(old, Map) and isinstance(new, Map):
            _add(old, value, mark)
        elif isinstance(old, List) and isinstance(new, List):
            old.extend(new)
            old.items_at += new.items_at
        else:
            body.put(key, new, mark, mark)


def _placed(value: Any, where: Map, mark: Mark) -> Any:
    """Plain data as nodes, all of which have one place. A text stays one, whatever stands in it."""
    if isinstance(value, dict):
        node = Map(where.source, mark)
        for key, each in value.items():
            node.put(key, _placed(each, where, mark), mark, mark)
        return node
    if isinstance(value, list):
        items = List(where.source, mark)
        items.extend(_placed(each, where, mark) for each in value)
        items.items_at += [mark] * len(value)
        return items
    return value.replace("${{", "$${{") if isinstance(value, str) else value


def _warn(name: str, span: Span, hint: str, report: Report) -> None:
    report.warning("kfp-backend", f"`{excerpt(name)}` of the platform has no effect here", span, hint)
