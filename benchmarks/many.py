"""`python -m benchmarks.many`: 300 manifests in one call of `transpile`, against one call for each.

The manifests are those of a repository: each its own file, with five components that all of them share. All ways of
compiling them take turns in one run; the ratios say how often all of them fit into the time of the single calls. Wall
time is what a user waits; CPU time is what the program costs.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.bench import ROOT, Sample, run, transpile

SAMPLE: Final = ROOT / "samples" / "ml"
LIMIT: Final = 5
"""How many times faster one call has to be."""


def repository(folder: Path, count: int) -> list[Path]:
    """A project with so many manifests; their paths."""
    shutil.copytree(SAMPLE / "components", folder / "components")
    (folder / ".git").mkdir()
    (folder / "transpile.yaml").write_text("pipelines: [pipelines/*/pipeline.yaml]\n", encoding="utf-8")
    text = (SAMPLE / "pipeline.yaml").read_text(encoding="utf-8").replace("components/", "../../components/")
    paths = [folder / "pipelines" / f"p{number}" / "pipeline.yaml" for number in range(count)]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True)
        path.write_text(text.replace("name: ", f"name: p{number}-", 1), encoding="utf-8")
    return paths


def single_calls(folder: Path, manifests: list[Path]) -> Sample:
    """A call for each manifest."""
    took = [
        run(transpile("compile", path, "-q", "-o", folder / "deploy" / f"{path.parent.name}.yaml"))
        for path in manifests
    ]
    return Sample(sum(each.wall for each in took), sum(each.cpu for each in took))


def one_call(folder: Path, *words: str) -> Sample:
    """One call of `build` for all manifests, none of which has an output yet."""
    shutil.rmtree(folder / "deploy", ignore_errors=True)
    return run(transpile("build", "--project", folder / "transpile.yaml", "-q", *words))


def measured(ways: Mapping[str, Callable[[], Sample]], turns: int) -> dict[str, Sample]:
    """The best turn of each way."""
    took = [{name: way() for name, way in ways.items()} for _ in range(turns)]
    return {name: Sample(min(turn[name].wall for turn in took), min(turn[name].cpu for turn in took)) for name in ways}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=300)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifests = repository(folder, given.manifests)
        ways: dict[str, Callable[[], Sample]] = {
            "a call for each": lambda: single_calls(folder, manifests),
            "build": lambda: one_call(folder),
            "build --jobs 1": lambda: one_call(folder, "--jobs", "1"),
            "build --check": lambda: run(transpile("build", "--project", folder / "transpile.yaml", "--check")),
        }
        took = measured(ways, given.turns)
    calls = took.pop("a call for each")
    sys.stdout.write(f"{given.manifests} manifests; a call for each: {calls.wall:.1f} s wall, {calls.cpu:.1f} s CPU\n")
    for name, each in took.items():
        wall, cpu = calls.wall / each.wall, calls.cpu / each.cpu
        met = "yes" if wall >= LIMIT else "NO"
        sys.stdout.write(
            f"{name:15} {each.wall:7.2f} s wall {wall:6.1f}x   {each.cpu:7.2f} s CPU {cpu:6.1f}x   {met}\n"
        )


if __name__ == "__main__":
    main()
