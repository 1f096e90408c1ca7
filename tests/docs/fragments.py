"""A YAML block that is no file: part of a manifest, which a name and a task complete, or an object of Kubernetes."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from tests.conftest import in_the_cluster
from tests.docs.scratch import MADE_FOLDER, Scratch
from transpiler.cli.main import main

_OURS = (None, "Pipeline")


def judge(scratch: Scratch, text: str) -> None:
    """It compiles, or is YAML where it says that it is an object of another kind."""
    loaded: list[dict[str, Any]] = list(YAML(typ="safe").load_all(text))
    assert loaded
    assert all(isinstance(each, dict) for each in loaded)
    if any(each.get("kind") in _OURS for each in loaded):
        _compile(scratch, loaded[0], text)


def _compile(scratch: Scratch, loaded: dict[str, Any], text: str) -> None:
    """It compiles as part of a manifest; warnings are the page's own business."""
    manifest = scratch.file("fragment.pipeline.yaml")
    manifest.write_text(_completed(loaded, text), encoding="utf-8")
    target = scratch.file(f"{MADE_FOLDER}/{len(scratch.made)}.yaml")
    code = main(["compile", "-q", str(manifest), "-o", str(target), "--root", str(scratch.folder)])
    assert code == 0, "this part of a manifest does not compile"
    manifest.unlink()
    scratch.made.append(target.read_text(encoding="utf-8") + in_the_cluster(manifest))


def _completed(loaded: dict[str, Any], text: str) -> str:
    name = "" if "name" in loaded else "name: example\n"
    runs = {"tasks", "entries", "workflowTemplateRef"} & loaded.keys()
    return name + ("" if runs else "tasks: {load: {component: components/load}}\n") + text
