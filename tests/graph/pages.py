"""Manifests for tests of the page, and the page of one."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY
from transpiler.cli.main import main

SAMPLES = REPOSITORY / "samples"
COMPONENT = """\
name: {name}
description: What {name} does.
inputs: [{{name: data, type: CSV, optional: true}}, {{name: rate, type: Float, default: "0.1"}}]
outputs: [{{name: data, type: CSV}}]
implementation:
  container:
    image: registry.test/{name}:1
    command: [run, {{inputPath: data}}, {{inputValue: rate}}, {{outputPath: data}}]
"""
NESTED = """\
name: nested
description: A loop, and a group in it.
inputs: {rate: 0.1}
tasks:
  load: {component: load, retry: {limit: 3}}
  regions:
    forEach: [north, south]
    tasks:
      clean: {component: clean, arguments: {data: "${{ tasks.load.output }}"}}
      fit:
        when: ${{ inputs.rate > 0.5 }}
        tasks:
          train: {component: train, arguments: {data: "${{ tasks.clean.output }}", rate: "${{ inputs.rate }}"}}
          score: {component: score, arguments: {data: "${{ tasks.train.output }}"}}
  report: {component: score, after: [regions]}
  archive: {component: score, arguments: {data: "${{ tasks.load.output }}"}}
"""


def folder_of(folder: Path, manifest: str) -> Path:
    """A manifest in a folder with the components that these manifests name. Returns its path."""
    for name in ("load", "clean", "train", "score"):
        (folder / name).mkdir(parents=True)
        (folder / name / "component.yaml").write_text(COMPONENT.format(name=name), encoding="utf-8")
    path = folder / "pipeline.yaml"
    path.write_text(manifest, encoding="utf-8")
    return path


def large(groups: int, size: int) -> str:
    """A manifest of groups, each a chain of tasks; each group waits for the one before."""
    rows = ["name: large", "tasks:"]
    for group in range(groups):
        rows += [f"  group-{group}:", *([f"    after: [group-{group - 1}]"] if group % 7 else []), "    tasks:"]
        for task in range(size):
            given = f', arguments: {{data: "${{{{ tasks.t{group}-{task - 1}.output }}}}"}}' if task else ""
            rows.append(f"      t{group}-{task}: {{component: clean{given}}}")
    return "\n".join(rows) + "\n"


def page_of(manifest: Path, target: Path, *more: str, code: int = 0) -> Path:
    """The page of a manifest, written to a file."""
    assert main(["graph", str(manifest), "-o", str(target), "-q", *more]) == code
    return target


class Html(HTMLParser):
    """The elements of a page, with their attributes; the texts of scripts and styles; and all other text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inline: list[tuple[str, str]] = []
        self.text = ""
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in {"script", "style"}:
            self._inside = dict(attrs).get("type") or tag
            self.inline.append((self._inside, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline[-1] = (self._inside, self.inline[-1][1] + data)
        else:
            self.text += data

    @property
    def data(self) -> dict[str, Any]:
        """The JSON of the page."""
        found: dict[str, Any] = json.loads(next(text for kind, text in self.inline if kind == "application/json"))
        return found

    @property
    def policy(self) -> dict[str, str]:
        """The Content Security Policy: directive → what it allows."""
        meta = next(given for tag, given in self.elements if given.get("http-equiv") == "Content-Security-Policy")
        return dict(re.split(r"\s+", each.strip(), maxsplit=1) for each in meta["content"].split(";"))


def parsed(page: Path) -> Html:
    return Html(page.read_text(encoding="utf-8"))
