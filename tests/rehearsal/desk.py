"""A folder with a manifest and a file of tests beside it, and what `transpile test` says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conftest import Result, Transpile

Json = Any

COMPONENTS: Json = {
    "say": {
        "inputs": [{"name": "text", "type": "String"}],
        "outputs": [{"name": "length", "type": "Integer"}, {"name": "note", "type": "TXT"}],
        "implementation": {
            "container": {
                "image": "alpine",
                "command": ["sh", "-c", 'echo "$0"', {"inputValue": "text"}, {"outputPath": "length"}],
                "args": [{"outputPath": "note"}],
            }
        },
    },
    "tell": {
        "inputs": [{"name": "status", "type": "String"}],
        "implementation": {
            "container": {"image": "alpine", "command": ["echo", {"inputValue": "status"}], "env": {"MODE": "test"}}
        },
    },
    "read": {
        "inputs": [{"name": "file", "type": "TXT"}],
        "outputs": [{"name": "words", "type": "JsonArray"}],
        "implementation": {
            "container": {"image": "alpine", "command": ["cat", {"inputPath": "file"}, {"outputPath": "words"}]}
        },
    },
}


def say(text: str, **more: Json) -> Json:
    """A task that yields a number and a file."""
    return {"component": "say", "arguments": {"text": text}, **more}


def tell(status: str, **more: Json) -> Json:
    """A task that yields nothing."""
    return {"component": "tell", "arguments": {"status": status}, **more}


class Desk:
    """A folder for one pipeline and its tests."""

    def __init__(self, folder: Path, transpile: Transpile) -> None:
        self.folder, self.transpile = folder, transpile

    def manifest(self, tasks: Json, **more: Json) -> None:
        """Write the manifest."""
        manifest = {"name": "p", "components": COMPONENTS, "tasks": tasks, **more}
        (self.folder / "pipeline.yaml").write_text(json.dumps(manifest), encoding="utf-8")

    def tests(self, text: str) -> Path:
        """Write the file of tests."""
        path = self.folder / "pipeline.test.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *options: str, command: str = "test") -> Result:
        """Run the command on the folder."""
        return self.transpile(command, self.folder, "--root", self.folder, *options)

    def told(self, text: str, *options: str, command: str = "test") -> list[str]:
        """What is told of a file of tests: `LINE:COLUMN code: message; hint` each."""
        self.tests(text)
        found = self.run("--format", "json", *options, command=command).problems
        return [
            f"{each['line']}:{each['column']} {each['code']}: {each['message']}"
            + (f"; {each['hint']}" if each["hint"] else "")
            for each in found
        ]
