"""What stands beside samples is true: Argo's own controller runs them, and their programs run on this machine.

A pod of the simulated cluster writes what its real command writes here. What that is depends on what other pods write,
so a run is repeated until nothing changes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.cluster.expected import Expected, runs
from tests.conftest import REPOSITORY, Transpile
from tests.judges import runs as controller
from tests.judges.runs import Deed, Run

Json = Any
_TIMES: Final = 6


def load(text: str) -> list[Json]:
    return list(YAML(typ="safe", pure=True).load_all(text))


def played(objects: list[Json], arguments: Mapping[str, str], folder: Path) -> tuple[Json, dict[str, Deed]]:
    """How a run goes whose pods do what their programs do, and what they do."""
    deeds: dict[str, Deed] = {}
    for time in range(_TIMES):
        (went,) = controller.reports([Run(objects, arguments, {re.escape(node): deed for node, deed in deeds.items()})])
        before, deeds = deeds, {}
        for number, pod in enumerate(went["pods"]):
            deeds[pod["node"]] = _deed(pod, folder / f"{time}-{number}")
        if deeds == before:
            return went, deeds
    raise AssertionError(deeds)


def _deed(pod: Json, folder: Path) -> Deed:
    """What the program of a pod does here, with its paths in a folder."""
    main = next(each for each in pod["spec"]["containers"] if each["name"] == "main")
    template = json.loads(_of(pod["spec"], "ARGO_TEMPLATE"))
    words = [*main["command"][main["command"].index("--") + 1 :], *main.get("args", [])]
    words = [re.sub(r"/tmp/(?=inputs|outputs)", f"{folder}/", word.replace("$$", "$")) for word in words]
    words[0] = sys.executable if words[0].startswith("python") else words[0]
    folder.mkdir()
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    outputs = {}
    for each in template.get("outputs", {}).get("parameters", []):
        path = Path(each["valueFrom"]["path"].replace("/tmp/", f"{folder}/"))
        if path.exists():  # not where the program fails, for lack of the values of others
            outputs[each["name"]] = path.read_text(encoding="utf-8").removesuffix("\n")
    return Deed(exit=done.returncode, outputs=outputs, result=done.stdout.removesuffix("\n"))


def _of(spec: Json, name: str) -> str:
    """A variable that Argo gives the containers of a pod."""
    containers = [*spec.get("initContainers", []), *spec["containers"]]
    return next(
        str(each["value"]) for container in containers for each in container.get("env", []) if each["name"] == name
    )


def _texts(transpile: Transpile, expected: Expected, folder: Path) -> list[Json]:
    """The objects of a run with its arguments, as `submit` would send them."""
    (folder / "arguments.json").write_text(json.dumps(expected.arguments), encoding="utf-8")
    words = ["--parameter-file", folder / "arguments.json", "--dry-run"]
    done = transpile("submit", expected.manifest, *words)
    assert done.code == 0, done.stderr
    return load(done.stdout)


VALUES = [each for each in runs() if "map-reduce" not in each.id]


@pytest.mark.parametrize("expected", VALUES)
def test_a_sample_yields_what_stands_beside_it(expected: Expected, transpile: Transpile, tmp_path: Path) -> None:
    if controller.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")
    objects = _texts(transpile, expected, tmp_path)
    went, deeds = played(objects, {}, tmp_path)
    assert went["phase"] == "Succeeded", went
    assert {name: went["outputs"].get(name) for name in expected.outputs} == expected.outputs
    for name, wanted in expected.tasks.items():
        if isinstance(wanted, str):
            assert went["phases"][name] == wanted
        else:
            assert deeds[name].outputs == wanted


@pytest.mark.parametrize("expected", [each for each in runs() if each not in VALUES])
def test_map_reduce(expected: Expected, tmp_path: Path) -> None:
    """Its files go through a store, so its three programs run one after the other, in a folder."""
    parts = str(expected.arguments.get("parts", 4))

    def run(name: str, *moves: tuple[str, str]) -> str:
        source = (expected.sample / name).read_text(encoding="utf-8").replace("{{inputs.parameters.parts}}", parts)
        for place, path in moves:
            source = source.replace(f"/tmp/{place}", str(path))
        done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    numbers = json.loads(run("split.py", ("parts", str(tmp_path / "parts"))))
    (tmp_path / "results").mkdir()
    for number in numbers:
        part, result = tmp_path / "parts" / f"{number}.json", tmp_path / "results" / f"{number}.json"
        run("map.py", ("part.json", str(part)), ("result.json", str(result)))
    run("reduce.py", ("results", str(tmp_path / "results")), ("total", str(tmp_path / "total")))
    assert {"total": (tmp_path / "total").read_text()} == expected.outputs


def test_there_are_samples() -> None:
    assert len(runs()) > 8
    assert (REPOSITORY / "samples" / "add" / "expected.yaml").exists()
