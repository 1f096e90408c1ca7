"""`views/pipelines`: every field of the model is compared, and a Workflow that differs is never told to be the same."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY
from tests.support.examples import examples
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.settings import KEYS, PLACES, Settings
from transpiler.model.task import Task
from transpiler.read.documents import MANIFEST, guess
from transpiler.views.entries import File
from transpiler.views.pipelines import diff, objects, tasks
from transpiler.views.pipelines.compare import Names, Subject, compiled
from transpiler.views.pipelines.version import Version
from transpiler.workspace.options import Options

EXAMPLES: Final = examples(120)

# ---------------------------------------------------------------------- every field

_MISTAKES = {"is_complete", "hides_defaults", "incomplete_names", "is_incomplete", "hides_keys", "hides_argo"}
_MISTAKES |= {"is_repeated", "run_only", "span"}


def test_every_field_of_a_pipeline_is_compared() -> None:
    by_itself = {"name", "inputs", "dag", "on_exit", "entries", "hooks", "images"}
    through_uses = {"components", "catalogs"}
    told = diff.FIELDS.keys() | by_itself | through_uses | _MISTAKES
    assert set(Pipeline.__struct_fields__) - told == set()


def test_every_field_of_a_task_is_compared() -> None:
    by_itself = {"name", "arguments", "component", "pipeline", "group", "hooks", "settings", "below"}
    assert set(Task.__struct_fields__) - (tasks.FIELDS.keys() | by_itself | _MISTAKES) == set()


def test_every_setting_is_compared() -> None:
    of_the_pass_through = {"argo_template", "argo_container", "argo_task", "own"}
    assert set(Settings.__struct_fields__) - ({key.field for key in KEYS} | of_the_pass_through | PLACES) == set()


def test_every_field_of_a_component_is_compared() -> None:
    compared = {"name", "inputs", "outputs", "implementation", "description", "labels", "annotations", "settings"}
    derived = {"texts", "has_incomplete_ports", "has_incomplete_inputs"}
    assert set(Component.__struct_fields__) - (compared | derived | _MISTAKES) == set()


# ---------------------------------------------------------------------- random edits


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    shutil.copytree(REPOSITORY / "samples", folder, dirs_exist_ok=True)
    return folder


def edited(text: str, choose: random.Random) -> str:
    """The text with a line deleted, moved or commented on, or a number, a name or a word of it changed."""
    lines = text.split("\n")
    at = choose.randrange(len(lines))
    match choose.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines[at] = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), lines[at], count=1)
        case 2:
            words = sorted(set(re.findall(r"[A-Za-z]{3,}", lines[at])))
            return re.sub(rf"\b{choose.choice(words)}\b", lambda found: f"{found[0]}x", text) if words else text
        case 3:
            lines[at] = re.sub(r", [^,{}\[\]]+", "", lines[at], count=1)
        case 4:
            lines[at] += "   # a note"
        case _:
            other = choose.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def edits(samples: Path, seed: int) -> Iterator[tuple[Version, Version, str]]:
    """Samples before and after an edit of the manifest, or of another file beside it, that still compile."""
    choose = random.Random(seed)
    files = [path for path in sorted(samples.rglob("*.yaml")) if path.name not in {"workflow.yaml", "cluster.yaml"}]
    manifests = [path for path in files if guess(path, path.read_bytes()) is MANIFEST]
    options = Options(root=samples)
    for _ in range(EXAMPLES):
        path = choose.choice(manifests)
        beside = [file for file in files if file not in manifests and file.is_relative_to(path.parent)]
        target = choose.choice(beside) if beside and choose.random() < 0.3 else path
        kept = target.read_bytes()
        old = compiled(Subject(File(path, path.name, path.read_bytes()), options, Names()))
        try:
            target.write_text(edited(kept.decode(), choose), encoding="utf-8")
            new = compiled(Subject(File(path, path.name, path.read_bytes()), options, Names()))
            if old.compilation.text is not None and new.compilation.text is not None:
                yield old, new, f"{path} {seed}: {target.read_text()}"
        finally:
            target.write_bytes(kept)


def test_a_change_is_told_if_and_only_if_the_workflow_differs(samples: Path) -> None:
    """And it is told in the words of the manifest, not in those of the Workflow."""
    counted: Counter[str] = Counter()
    for seed in range(3):
        for old, new, what in edits(samples, seed):
            changes = diff.diff_versions(old, new)
            differs = old.compilation.text != new.compilation.text
            assert bool(changes) == differs, what
            assert all(change.kind != "workflow-changed" for change in changes), what
            assert all(change.old or change.new for change in changes), what
            counted["differ" if differs else "same"] += 1
    assert counted["differ"] > EXAMPLES / 10
    assert counted["same"] > EXAMPLES / 10


def test_the_last_word_has_what_the_objects_have() -> None:
    """Were the model to hide a difference, the fields of the objects would tell it."""
    old = {"kind": "Workflow", "metadata": {"name": "x"}, "spec": {"templates": [{"name": "a", "n": 1}, {"name": "b"}]}}
    new = {"kind": "Workflow", "metadata": {"name": "x"}, "spec": {"templates": [{"name": "a", "n": True}], "p": 2}}
    assert [change.message for change in objects.diff_objects([old], [new])] == [
        "`Workflow x: spec.templates[a].n` is `true`, not `1`",
        '`Workflow x: spec.templates[b]` was removed; it was `{"name": "b"}`',
        "`Workflow x: spec.p` is new: `2`",
    ]
    assert [change.message for change in objects.diff_objects([old], [old])] == ["the order of fields changed"]
