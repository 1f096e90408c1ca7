"""Fields of an Argo that is newer than the judge, which would refuse the rest of the object unread."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

_SOURCE: Final = Path(__file__).parent / "argo" / "schema" / "later.go"


@cache
def later_fields() -> frozenset[str]:
    """The fields that only the newer Argo has, as the generator of our schema lists them."""
    listed = re.search(r"laterFields = .*?\n}\n", _SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    assert listed is not None
    return frozenset(re.findall(r'"(\w+)":\s+(?:a[A-Z]|reference|listOf|object)', listed[0]))


def as_known(path: Path) -> Path:
    """The file, or a copy beside it without the fields that the judge does not know."""
    text = path.read_text(encoding="utf-8")
    if not any(f"{field}:" in text for field in later_fields()):
        return path
    copy = path.with_suffix(".known")
    documents = [_known(document) for document in YAML(typ="safe", pure=True).load_all(text)]
    with copy.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump_all(documents, file)
    return copy


def _known(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _known(value) for key, value in node.items() if key not in later_fields()}
    return [_known(item) for item in node] if isinstance(node, list) else node
