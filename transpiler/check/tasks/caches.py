"""Cache keys, which must distinguish all different results."""

from __future__ import annotations

from transpiler.check.files.loop_files import check_kept
from transpiler.dataflow.collected import Handed
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.tree import ItemReference, Text
from transpiler.model.pipeline import Pipeline
from transpiler.model.transport import Transport
from transpiler.model.values import Literal, Passed, StoredFile, Value
from transpiler.resolve.captures import identity_of_text
from transpiler.resolve.scope import Call, Scope, calls_of


def check_cache_of_all(pipeline: Pipeline, report: Report) -> None:
    """A key that every task of a manifest has, or every one with a preset, does not distinguish them."""
    for shared in pipeline.shared:
        cache = shared.settings.cache
        if cache is None or cache.key is None:
            continue
        tasks = "all tasks that use the preset" if shared.name else "all tasks"
        message = f"{tasks} have this cache key, so tasks of the same component would reuse each other's results"
        hint = (
            f"write `cache: {cache.max_age}`, with a key for each task made of its arguments, or set the key in a task"
        )
        report.error("cache-key", message, cache.span, hint)


def check_cache_keys(scope: Scope, report: Report) -> None:
    """Explicit keys, which replace the values of the arguments in the cache key."""
    first: dict[tuple[int, object], Call] = {}
    for call in calls_of(scope):
        cache = call.task.settings.cache
        if cache is None or cache.key is None or "cache" not in dict(call.task.settings.spans):
            continue  # a key of `defaults` is reported there
        if call.loop is not None and not _names_the_item(cache.key, call.loop.alias):
            message = "all items of the loop have the same cache key, so they would reuse the result of one"
            hint = f"add the item to the key: ${{{{ {call.loop.alias} }}}}"
            report.error("cache-key", message, cache.span, hint)
        other = first.setdefault((id(call.component), _said(cache.key)), call)
        if call.component is not None and _passed(call) != _passed(other):
            message = f"`{call.task.name}` would reuse the result of `{other.task.name}`, which has other arguments"
            related = (Related("the same component and key", other.task.span),)
            report.error("cache-key", message, cache.span, "write another key", related)


def _passed(call: Call) -> dict[str, object]:
    return {name: _said(each.value) for name, each in call.arguments.items()}


def _names_the_item(key: Value, alias: str) -> bool:
    return isinstance(key, Text) and any(
        isinstance(each, ItemReference) and each.name in {"item", alias} for each in key.references
    )


def _said(value: Passed | None) -> object:
    """What tells a value from others, wherever it stands."""
    if isinstance(value, StoredFile):
        return str(value.location.data)
    if isinstance(value, Text):
        return identity_of_text(value)
    return str(value.value) if isinstance(value, Literal) else value


def check_cache(call: Call, callee: Instance, handed: Handed, report: Report) -> None:
    """A key can be made of values, but not of files, whose content is known only in the run."""
    cache = call.task.settings.cache
    if cache is None or callee.scope is not None:
        return
    if check_kept(cache, call, callee, handed, report) or cache.key is not None:
        return
    files = sorted(name for name, way in callee.takes.items() if Transport.PATH in way)
    if files:
        message = f"the cache key does not depend on the content of the file `{files[0]}`"
        hint = f"write a key: {{maxAge: {cache.max_age}, key: ...}}; or `cache: false` to run the task every time"
        report.error("cache-key", message, cache.span, hint)
