"""The rows of `docs/features.yaml`, and the samples that they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.feature_pages.fields import fields_of

LIST = REPOSITORY / "docs" / "features.yaml"
SAMPLES = REPOSITORY / "samples"


@dataclass(frozen=True)
class Row:
    """A feature, how a manifest says it, and the sample that shows it."""

    feature: str
    says: str
    sample: str
    shows: tuple[str, ...]
    """Fields that the sample's object has, as `Type.field`."""
    kind: str = ""
    """The kind of object that the sample is compiled to; empty means its own."""
    file: str = ""
    """An object beside the manifest that has the fields instead."""


@dataclass(frozen=True)
class Section:
    """Rows under one title."""

    title: str
    rows: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        """The end of the link to it, as GitHub makes it."""
        kept = (letter for letter in self.title.lower() if letter.isalnum() or letter in " -")
        return "".join(kept).replace(" ", "-")


@cache
def sections() -> tuple[Section, ...]:
    """All rows."""
    listed = YAML(typ="safe").load(LIST)
    return tuple(
        Section(each["title"], tuple(_row(row, each.get("otherwise", "")) for row in each["rows"])) for each in listed
    )


def _row(row: dict[str, Any], otherwise: str) -> Row:
    named = row.get("shows", "").split()
    fields = [field for name in named for field in (_all(name) if name.endswith(".*") else [name])]
    says = row.get("says") or otherwise % named[0].partition(".")[2]
    kind, file = row.get("kind", ""), row.get("file", "")
    return Row(row.get("feature") or _words(fields), says, row["sample"], tuple(fields), kind, file)


def _all(name: str) -> list[str]:
    """The fields of a type, in the order of their names."""
    found = fields_of(name.removesuffix(".*"))
    assert found, f"there are no fields {name}"
    return sorted(found - ASIDE.keys())


def _words(fields: list[str]) -> str:
    """The fields of the first type, and those of others in brackets."""
    owner = fields[0].partition(".")[0]
    own = [f"`{field.partition('.')[2]}`" for field in fields if field.startswith(f"{owner}.")]
    inner = [f"`{field.partition('.')[2]}`" for field in fields if not field.startswith(f"{owner}.")]
    return ", ".join(own) + (f" ({', '.join(dict.fromkeys(inner))})" if inner else "")


ASIDE = {
    "Artifact.deleted": "a run sets it",
    "Outputs.result": "a run sets it",
    "Outputs.exitCode": "a run sets it",
    "DAGTask.onExit": "out of date: `onExit` of a task becomes `hooks.exit`",
    "WorkflowStep.onExit": "out of date: `hooks.exit` says the same",
}
"""Fields that no row shows, and why."""


@cache
def folder_of(sample: str) -> Path:
    """The folder of a sample, below `samples` or `samples/features`."""
    inner = SAMPLES / "features" / sample
    return inner if inner.is_dir() else SAMPLES / sample


def feature_samples() -> list[str]:
    """The samples that have a page: one for each folder of `samples/features` with a manifest."""
    return sorted(path.parent.name for path in (SAMPLES / "features").glob("*/pipeline.yaml"))
