"""The part of GitHub's runner that a composite action needs: expressions in `env`, conditions, outputs, `run` by bash.

docs.github.com, "Metadata syntax reference" and "Workflow syntax": steps after one that fails are skipped unless their
condition asks for a status.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tests.hosts.page import written


class Ran(Struct):
    """What an action did: its log, the exit codes of its steps by name, and what it would have called."""

    log: str = ""
    codes: dict[str, int] = field(default_factory=dict)
    called: list[dict[str, str]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """True if a step failed."""
        return any(self.codes.values())


class Runner(Struct):
    """A runner: where the action is, its inputs, and the variables and folders of a job."""

    action: Mapping[str, Any]
    path: Path
    workspace: Path
    temporary: Path
    given: Mapping[str, str]
    outputs: dict[str, str] = field(default_factory=dict)
    """`steps.NAME.outputs.X`, `steps.NAME.outcome` → value; those of actions that others wrote are given."""

    def run(self) -> Ran:
        """Run the steps in order."""
        unknown = self.given.keys() - self.action["inputs"].keys()
        assert not unknown, f"the action has no input {unknown}"
        ran = Ran()
        for step in self.action["runs"]["steps"]:
            if not self._is_wanted(step.get("if", ""), ran):
                continue
            if "uses" in step:
                called = {name: self._filled(value) for name, value in step.get("with", {}).items()}
                ran.called.append({"uses": step["uses"], **called})
            else:
                self._execute(step, ran)
        return ran

    def _is_wanted(self, condition: str, ran: Ran) -> bool:
        if "cancelled()" not in condition and "always()" not in condition and ran.failed:
            return False
        compared = re.findall(r"((?:inputs|steps)\.[\w.-]+) == '([^']*)'", condition)
        return all(self._value(name) == value for name, value in compared)

    def _execute(self, step: Mapping[str, Any], ran: Ran) -> None:
        script, output = self.temporary / "step.sh", self.temporary / "output"
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("")
        variables = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        own = {
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_WORKSPACE": str(self.workspace),
        }
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace / self._filled(step.get("working-directory", ".")),
            env={**os.environ, **own, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ran.log += done.stdout
        ran.codes[step["name"]] = done.returncode
        self.outputs[f"steps.{step.get('id', '')}.outcome"] = "failure" if done.returncode else "success"
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"steps.{step['id']}.outputs.{name}"] = value

    def _filled(self, value: Any) -> str:
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: self._value(found[1]), written(value))

    def _value(self, name: str) -> str:
        if name.startswith("inputs."):
            own = name.removeprefix("inputs.")
            return self.given.get(own, str(self.action["inputs"][own]["default"]))
        return {"github.action_path": str(self.path), **self.outputs}.get(name, "")
