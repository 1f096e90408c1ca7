"""Workflows in Argo's own YAML mean what kubectl reads: YAML 1.1, not the 1.2 of manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler.read.yaml11 import scalar11

# what `kubectl annotate --local -f FILE a=b -o json` gives
READ: dict[str, object] = {
    **dict.fromkeys("yes on y Y true TRUE".split(), True),
    **dict.fromkeys("No OFF n N false".split(), False),
    **dict.fromkeys("~ null Null".split()),
    "010": 8,
    "0600": 384,
    "0o17": 15,
    "0O17": 15,
    "00": 0,
    "0_7": 7,
    "-010": -8,
    "+1": 1,
    "-0": 0,
    "1_000": 1000,
    "1__0": 10,
    "0x1F": 31,
    "0x1_F": 31,
    "+0x1f": 31,
    "0b11": 3,
    "0B11": 3,
    "-0b11": -3,
    "08": 8,
    "0_8": 8,
    "09.5": 9.5,
    "1.": 1,
    ".5": 0.5,
    "+.5": 0.5,
    "1e3": 1000,
    "1E-7": 1e-07,
    "1.0": 1,
    "1_0.5_0": 10.5,
    "1e21": 1e21,
    "-9223372036854775808": -(2**63),
    "100000000000000000000": 10**20,
    **{each: each for each in "tRue nUll 12:30 12:30:45 2020-01-02 _1 0x 0b 1e ._5 . + -a 0b2".split()},
}


@pytest.mark.parametrize("text", READ)
def test_a_plain_scalar(text: str) -> None:
    assert (type(scalar11(text)), scalar11(text)) == (type(READ[text]), READ[text])


WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: old-, labels: {on: "x"}}
spec:
  entrypoint: main
  arguments:
    parameters:
    - {name: a, value: 010}
    - {name: b, value: yes, enum: [on, "no"]}
    - {name: c, value: 1.50}
    - {name: d, value: 1e-5}
    - {name: e, value: "010"}
    - {name: f, value: 9007199254740993}
  templates:
  - name: main
    inputs: {artifacts: [{name: t, path: /tmp/t, mode: 0600, raw: {data: hi}}]}
    container:
      image: none
      command: [sh, -c, 'stat -c %a /tmp/t; echo "$0"']
      args: ["{{workflow.parameters.a}} {{workflow.parameters.b}} {{workflow.parameters.c}} {{workflow.parameters.d}} \
{{workflow.parameters.e}} {{workflow.parameters.f}}"]
"""


def test_a_workflow_is_read_as_kubectl_does(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WORKFLOW)
    done = transpile("run", tmp_path / "w.yaml", "--executor", "process", "--run-dir", tmp_path / "runs", "-v")
    assert done.code == 0, done.stderr
    said = [line.partition("| ")[2] for line in done.stdout.splitlines() if "| " in line]
    assert said == ["600", "8 true 1.5 0.00001 010 9007199254740992"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("mode: 0600", 'mode: "0600"', 16, "it has to be a whole number"),
        ("mode: 0600", "mode: yes", 16, "it has to be a whole number"),
        ("mode: 0600", 'optional: "yes"', 16, "it has to be true or false, without quotes"),
        ("name: a,", "name: y,", 8, "it has to be a text, and is a boolean in YAML 1.1: quote it"),
        ("command: [sh", "command: [010", 19, "it has to be a text, and is a number in YAML 1.1: quote it"),
    ],
)
def test_a_wrong_type_is_refused(
    old: str, new: str, line: int, message: str, transpile: Transpile, tmp_path: Path
) -> None:
    (tmp_path / "w.yaml").write_text(WORKFLOW.replace(old, new))
    done = transpile("run", tmp_path / "w.yaml", "--executor", "process", "--run-dir", tmp_path / "runs")
    assert done.code == 1
    assert f"w.yaml:{line}:" in done.stderr
    assert message in done.stderr
