"""The kinds of documents: how each is recognised, its schema, and what to say where another kind is wanted.

Manifests, components and tests are loaded (`read/load.py`), locks have a reader of their own, and all others are known
only to be told apart. A new kind is a row here. `kind_of` decides for a document that was read, `guess` for the bytes
of a file that a search meets, which may be broken or of any other tool.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from transpiler.diagnostics import Report
from transpiler.patterns import regex
from transpiler.read.yaml.source import decode
from transpiler.suggest import did_you_mean


class Kind(NamedTuple):
    """A kind of documents. `keys` at the top show it, one of them each; an empty `schema` means: never read."""

    noun: str
    """What messages call it."""
    keys: tuple[str, ...]
    schema: str = ""
    file: str = ""
    """The usual name of its files."""
    empty: str = ""
    """The code for a file of this kind without content."""
    least: str = ""
    """What a document of this kind has at least."""
    wanted: str = ""
    """The hint where this kind is wanted, and the document is of another."""


MANIFEST: Final = Kind(
    noun="a manifest",
    keys=("tasks", "entries"),
    schema="pipeline",
    file="pipeline.yaml",
    empty="empty-manifest",
    least="a manifest needs at least `name:` and `tasks:`",
    wanted="a manifest has `name:` and `tasks:`; to check a component, use `transpile check`",
)
COMPONENT: Final = Kind(
    noun="a component",
    keys=("implementation",),
    schema="component",
    file="component.yaml",
    empty="empty-component",
    least="a component needs at least `implementation:`",
    wanted="a component is a KFP v1 component.yaml, with `implementation:`, or a component compiled by kfp 2",
)
COMPILED: Final = Kind(
    noun="a compiled KFP v2 pipeline or component",
    keys=("deploymentSpec", "pipelineInfo"),
    schema="component-v2",
)
COMPILED_JOB: Final = Kind(noun="a compiled KFP v2 pipeline or component", keys=("pipelineSpec",))
KUBERNETES: Final = Kind(noun="a Kubernetes object", keys=("apiVersion",))
LOCK: Final = Kind(noun="a lock", keys=("manifests", "components"), schema="lock", file="transpile.lock")
PROJECT: Final = Kind(noun="a project file", keys=("pipelines",), schema="project", file="transpile.yaml")
TESTS: Final = Kind(
    noun="a file of tests",
    keys=("cases", "fakes"),
    schema="test",
    file="pipeline.test.yaml",
    empty="missing-key",
    least="a file of tests needs at least `cases:`",
    wanted="a file of tests has `cases:`, and stands beside its manifest: pipeline.test.yaml beside pipeline.yaml",
)

_OUR_VERSIONS: Final = "transpiler/"
"""How `apiVersion` of a manifest may start."""


def kind_of(document: Mapping[str, Any]) -> Kind | None:
    """The kind of a document that was read; None where no key at the top shows one."""
    if is_kubernetes(document):
        return KUBERNETES
    for kind in (COMPILED, COMPILED_JOB):
        if _key_of(document, kind):
            return kind
    is_component = "implementation" in document and "tasks" not in document
    is_library = "entries" in document and "name" in document
    if is_component or "tasks" in document or is_library:
        return COMPONENT if is_component else MANIFEST
    return TESTS if _key_of(document, TESTS) else None


def is_kubernetes(document: Mapping[str, Any]) -> bool:
    """True for a document with a versioned API that is not ours."""
    api = document.get("apiVersion")
    is_ours = {"name", "tasks"} <= document.keys() and "spec" not in document and "metadata" not in document
    return isinstance(api, str) and "/" in api and not api.startswith(_OUR_VERSIONS) and not is_ours


def is_compiled(document: Mapping[str, Any]) -> bool:
    """True for what kfp 2's compiler writes, for a component or a pipeline."""
    return _key_of(document, COMPILED) != ""


class Foreign(NamedTuple):
    """What shows that a document is of another kind than wanted, and what to say about it."""

    key: str
    message: str
    hint: str


def foreign(document: Mapping[str, Any], wanted: Kind) -> Foreign | None:
    """What makes a document another kind than wanted; None for one that is of that kind, or of none that is known."""
    kind = kind_of(document)
    if kind is None or kind is wanted or (wanted is COMPONENT and kind is COMPILED):
        return None
    if kind is MANIFEST and "implementation" in document:
        return None  # a component with a wrong key
    hint = wanted.wanted
    if wanted is COMPONENT and kind is MANIFEST:
        hint = "write `pipeline:` instead of `component:` where it is used"
    noun = kind.noun
    if kind is KUBERNETES:
        named = document.get("kind")
        noun = f"{noun} ({named if isinstance(named, str) else document['apiVersion']})"
    return Foreign(_key_of(document, kind), f"this is {noun}, not {wanted.noun}", hint)


def _key_of(document: Mapping[str, Any], kind: Kind) -> str:
    return next((key for key in kind.keys if key in document), "")


# ---------------------------------------------------------------------- files that a search meets

_KEY = regex(rb"^([\"']?)([A-Za-z][\w-]*)\1[ \t]*:[ \t]*([^\r\n]?)", re.MULTILINE)
_QUOTED = regex(rb"\"(implementation|tasks|name)\"\s*:")
_MANIFEST_FILE = regex(r"(^|\.)pipeline\.(ya?ml|json)$")
_TESTS_FILE = regex(r".\.test\.(ya?ml|json)$")
_SIMILAR = {"name": 0.75, "tasks": 0.75, "implementation": 0.85}
"""How much a key has to look like one of these to be taken for a slip of it; `tags` and `implements` do not."""


def is_named_as_tests(path: PurePath) -> bool:
    """True for the name of a file of tests, which may be one of the values of an environment called `test`, too."""
    return _TESTS_FILE.search(path.name) is not None


def guess(path: PurePath, data: bytes) -> Kind | None:
    """MANIFEST, COMPONENT, TESTS, or None for a YAML or JSON file that is none of them, nor nearly one.

    Works on bytes, since a file that is broken is one that `check` has to look at.
    """
    written = _keys(data)
    keys = written.keys()
    if is_named_as_tests(path) and not keys.isdisjoint(TESTS.keys):
        return TESTS
    if path.name == COMPONENT.file or "implementation" in keys:
        return COMPONENT
    if "deploymentSpec" in keys:
        return COMPONENT if data.count(b"componentRef") == 1 else None  # others are pipelines, compiled by KFP v2
    if {"name", "tasks"} <= keys or ("name" in keys and written.get("entries")) or _MANIFEST_FILE.search(path.name):
        return MANIFEST
    return None if {"apiVersion", "kind"} <= keys else _nearly(written)


def _nearly(written: dict[str, bool]) -> Kind | None:
    """What a file would be but for a slip in a key."""
    meant = {
        word
        for key, is_mapping in written.items()
        for word, cutoff in _SIMILAR.items()
        if (word == "name" or is_mapping) and did_you_mean(key, [word], cutoff)
    }
    return COMPONENT if "implementation" in meant else MANIFEST if {"name", "tasks"} <= meant else None


def _keys(data: bytes) -> dict[str, bool]:
    """The keys at the top, by which manifests and components are told from others, and whether each holds a mapping."""
    if not data.lstrip().startswith(b"{"):
        return {found[2].decode(): found[3] in b"{#&!" for found in _KEY.finditer(data)}
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        from transpiler.read.yaml.straight import read_straight  # noqa: PLC0415 - names of files need no YAML

        source = decode("", data, Report())
        loaded = read_straight(source, Report())[0] if source is not None else None
    if not isinstance(loaded, dict):  # broken: what is wrong is said only when it is checked
        return {found[1].decode(): False for found in _QUOTED.finditer(data)}
    return {str(key): isinstance(value, dict) for key, value in loaded.items()}
