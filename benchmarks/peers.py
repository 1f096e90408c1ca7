"""The peers that `bench` compares with: a script for each that compiles the chain, and the environment that it runs in.

Each script takes the component file, the number of tasks and the file to write, and does what our manifest says: each
task adds 1 to what the one before it yields.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.judges.environment import Environment
from tests.judges.kfp import ENVIRONMENT as KFP
from tests.judges.kfp2 import ENVIRONMENT as KFP2

HERA: Final = Environment("hera-7.1.0", ("hera==7.1.0",), "TRANSPILE_HERA_PYTHON")

_KFP: Final = """\
import sys
from kfp import compiler, components, dsl

add = components.load_component_from_file(sys.argv[1])

@dsl.pipeline(name="chain")
def chain():
    task = add(a=1, b=1)
    for _ in range(int(sys.argv[2]) - 1):
        task = add(a=task.output, b=1)

compiler.Compiler().compile(chain, sys.argv[3])
"""
_HERA: Final = """\
import sys
from pathlib import Path
from hera.workflows import DAG, Container, Parameter, Workflow
from hera.workflows.models import ValueFrom

with Workflow(generate_name="chain-", entrypoint="chain") as workflow:
    add = Container(
        name="add",
        image="python:3.12-alpine",
        command=["python3", "-c", "...", "{{inputs.parameters.a}}", "{{inputs.parameters.b}}", "/tmp/sum/data"],
        inputs=[Parameter(name="a"), Parameter(name="b")],
        outputs=[Parameter(name="sum", value_from=ValueFrom(path="/tmp/sum/data"))],
    )
    with DAG(name="chain"):
        before = None
        for number in range(int(sys.argv[2])):
            a = "{{tasks.t%d.outputs.parameters.sum}}" % (number - 1) if before else "1"
            task = add(name=f"t{number}", arguments={"a": a, "b": "1"})
            before = before >> task if before else task
Path(sys.argv[3]).write_text(workflow.to_yaml())
"""


@dataclass(frozen=True, eq=False)
class Peer:
    """A compiler of others. `faster`: number of tasks → how many times faster ours must be, at least."""

    name: str
    module: str
    environment: Environment
    script: str
    faster: dict[int, float]

    def arguments(self, python: Path, folder: Path, component: Path, tasks: int) -> tuple[str, ...]:
        """The command line that compiles a chain of so many tasks into a file of the folder."""
        script = folder / f"{self.module.partition('.')[0]}_chain.py"
        script.write_text(self.script, encoding="utf-8")
        return str(python), str(script), str(component), str(tasks), str(folder / f"{script.stem}.workflow.yaml")


PEERS: Final = (
    Peer("kfp 1.8.22", "kfp", KFP, _KFP, {3: 4, 1_000: 10}),
    Peer("kfp 2.17.0", "kfp", KFP2, _KFP, {3: 4, 1_000: 10}),
    Peer("Hera 7.1.0", "hera.workflows", HERA, _HERA, {3: 4, 1_000: 2, 10_000: 1}),
)
