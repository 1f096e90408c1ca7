"""The configuration of a KRM function, and generators among the items → orders.

A generator is an object of kind PipelineGenerator, or a ConfigMap with the same words, as `kpt fn eval -- KEY=VALUE`
makes it.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Report
from transpiler.gitops.order import LISTS, SET, TEXTS, Order, OrderError, listed, unknown
from transpiler.gitops.resource_list import ResourceList
from transpiler.read.schema.judge import check_schema
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

KIND: Final = "PipelineGenerator"
_API: Final = "transpiler/v1"
_PATH: Final = "path"
_WORDS: Final = (*LISTS, *TEXTS, _PATH)
_OF_KPT: Final = "function-input"
"""The name of every ConfigMap that kpt makes of arguments."""


class Generator(Struct, frozen=True):
    """An order in a package. `name` is carried by what it makes; `target` is the file for that, `file` its own."""

    order: Order
    name: str
    target: str = ""
    file: str = ""
    is_object: bool = True
    """False for a ConfigMap."""


def generators_of(listing: ResourceList, report: Report) -> list[Generator]:
    """The generators of a list, each once: the configuration, then items. Raises OrderError, and reports mistakes."""
    given = [_of_config(listing.config, report)] if listing.config is not None else []
    given += [_of_object(each.node, report, each.file) for each in listing.items if _is_generator(each.node)]
    named: dict[str, Generator] = {}
    for each in filter(None, given):
        if named.setdefault(each.name, each).order != each.order:
            raise OrderError(f"two generators have the name `{each.name}`", "metadata.name")
    return list(named.values())


def _is_generator(node: Map) -> bool:
    return node.get("kind") == KIND and node.get("apiVersion") == _API


def _of_config(config: Map, report: Report) -> Generator | None:
    """The configuration of the function; None for the empty ConfigMap that kpt makes without arguments."""
    if config.get("kind") != "ConfigMap":
        return _of_object(config, report)
    data = dict(fields.pairs(config, "data"))
    return _of_data(data, _name(config)) if data else None


def _of_data(data: dict[str, str], name: str) -> Generator:
    """An order of texts: lists between commas, `set.KEY` for a single value."""
    own = {key: text for key, text in data.items() if not key.startswith(f"{SET}.")}
    wrong = next((key for key in own if key not in _WORDS), None)
    if wrong is not None:
        raise unknown(wrong, (*_WORDS, f"{SET}.KEY"))
    if not listed(own.get("manifests", "")):
        raise OrderError("name the manifests: `-- manifests=pipeline.yaml`", "manifests")
    single = {key.removeprefix(f"{SET}."): data[key] for key in data if key not in own}
    order = Order.of(own, {key: listed(own.get(key, "")) for key in LISTS}, single)
    said = " ".join(filter(None, [",".join(order.manifests), order.environment]))
    return Generator(order, said if name == _OF_KPT else name, own.get(_PATH, ""), is_object=False)


def _of_object(node: Map, report: Report, file: str = "") -> Generator | None:
    """A PipelineGenerator; None, with diagnostics, for one that its schema refuses."""
    if not _is_generator(node):
        what = f"a {node.get('kind')}" if isinstance(node.get("kind"), str) else "no object"
        raise OrderError(f"the configuration is {what}, not a ConfigMap or a {KIND} of {_API}", "kind")
    own = Report()
    check_schema(node, "generator", own)
    report.take(own)
    if own.failed:
        return None
    spec = node["spec"]
    lists = {key: [str(each) for each in fields.items(spec, key)] for key in LISTS}
    order = Order.of({key: fields.text(spec, key) for key in TEXTS}, lists, dict(fields.pairs(spec, SET)))
    return Generator(order, _name(node), fields.text(spec, _PATH), file)


def _name(node: Map) -> str:
    metadata = fields.mapping(node, "metadata")
    return fields.text(metadata, "name") if metadata is not None else ""
