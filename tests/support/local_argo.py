"""A small Argo: runs an emitted Workflow on this machine. Containers are processes, and a volume is a folder.

It knows what the compiler emits: DAGs in DAGs, `when`, loops over literal items, retries, parameters, artifacts and
mounts. Anything else fails with a KeyError or an AssertionError, and never passes silently.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.support.containers import kubelet
from tests.support.local_expressions import Known, expression, filled, value_of

Json = Any


@dataclass
class Outputs:
    """What a node yields."""

    parameters: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)


class Run:
    """A run of a Workflow. Raises CalledProcessError when a container fails in all its tries."""

    def __init__(self, workflow: Json, folder: Path, **arguments: str) -> None:
        """Run it to the end, in an empty folder: `volume` is the volume in it, `store` the object store."""
        self.folder, self.volume, self.store = folder, folder / "volume", folder / "store"
        spec = workflow["spec"]
        self.templates = {template["name"]: template for template in spec["templates"]}
        claims = spec.get("volumeClaimTemplates", [])
        self.volumes = {*(each["name"] for each in spec.get("volumes", [])), *(c["metadata"]["name"] for c in claims)}
        given = given_values(spec.get("arguments", {}), arguments)
        self.of_the_run = {"workflow.uid": "a0a0", "workflow.name": "run"}
        self.of_the_run |= {f"workflow.parameters.{name}": value for name, value in given.items()}
        entry = self.templates[spec["entrypoint"]]
        taken = {each["name"]: given[each["name"]] for each in entry.get("inputs", {}).get("parameters", [])}
        self.outputs = self.node(entry, "run", taken, {})

    def node(self, template: Json, name: str, parameters: dict[str, str], artifacts: dict[str, Path]) -> Outputs:
        """Run one template."""
        inputs = template.get("inputs", {})
        values = given_values(inputs, parameters)
        files = dict(artifacts)
        declared = [each for each in inputs.get("artifacts", []) if each["name"] in files or not each.get("optional")]
        for each in declared:
            if each["name"] not in files:
                files[each["name"]] = self.text_file(kubelet(each["raw"]["data"]))
        assert files.keys() == {each["name"] for each in declared}
        known: dict[str, str | Path | None] = {**self.of_the_run, "node.name": name}
        known |= {f"inputs.parameters.{each}": value for each, value in values.items()}
        known |= {f"inputs.artifacts.{each}": path for each, path in files.items()}
        if "dag" in template:
            return self.dag(template, name, known)
        if "suspend" in template:
            assert template["suspend"] == {"duration": "0"}
            return Outputs()
        return self.pod(template, name, known, files)

    # ------------------------------------------------------------------ DAGs

    def dag(self, template: Json, name: str, known: dict[str, str | Path | None]) -> Outputs:
        """Run the tasks of a DAG, one after the other."""
        tasks = {task["name"]: task for task in template["dag"]["tasks"]}
        order = TopologicalSorter({each: set(_names(task.get("depends", ""))) for each, task in tasks.items()})
        for each in order.static_order():
            self.task(tasks[each], name, known)
        outputs = Outputs()
        for each in template.get("outputs", {}).get("parameters", []):
            source = each["valueFrom"]
            text = filled(source["parameter"], known) if "parameter" in source else None
            outputs.parameters[each["name"]] = text if text is not None else expression(source["expression"], known)
        for each in template.get("outputs", {}).get("artifacts", []):
            outputs.artifacts[each["name"]] = self.artifact(each, known)
        return outputs

    def task(self, task: Json, dag: str, known: dict[str, str | Path | None]) -> None:
        """Run a task once, or once for each item; what it yields is known then."""
        path = f"tasks.{task['name']}"
        if "when" in task and filled(task["when"], known) == "false":
            known[f"{path}.status"] = "Skipped"
            return
        template = self.templates[task["template"]]
        runs: list[Outputs] = []
        for name, item in self.items(task, dag):
            given, here = task.get("arguments", {}), known | item
            values = {each["name"]: filled(each["value"], here) for each in given.get("parameters", [])}
            found = {each["name"]: self.optional(each, here) for each in given.get("artifacts", [])}
            files = {name: path for name, path in found.items() if path is not None}
            declared = template.get("inputs", {})
            for kind, passed in (("parameters", values), ("artifacts", files)):
                assert set(passed) <= {each["name"] for each in declared.get(kind, [])}, task
            runs.append(self.node(template, name, values, files))
        known[f"{path}.status"] = "Succeeded"
        if "withItems" not in task:
            known.update({f"{path}.outputs.parameters.{each}": text for each, text in runs[0].parameters.items()})
            known.update({f"{path}.outputs.artifacts.{each}": file for each, file in runs[0].artifacts.items()})

    @staticmethod
    def items(task: Json, dag: str) -> Iterator[tuple[str, dict[str, str | Path | None]]]:
        """The node of a task, or those of a loop with their items."""
        name = f"{dag}.{task['name']}"
        if "withItems" not in task:
            yield name, {}
        for number, item in enumerate(task.get("withItems", [])):
            yield f"{name}({number}:{item})", {"item": item}

    def optional(self, artifact: Json, known: Known) -> Path | None:
        """The file that an artifact is; None for one that may be absent, and is."""
        is_absent = artifact.get("optional") and known.get(artifact["from"].strip("{}")) is None
        return None if is_absent else self.artifact(artifact, known)

    def artifact(self, artifact: Json, known: Known) -> Path:
        """The file, or folder, that an artifact is."""
        if "raw" in artifact:
            return self.text_file(kubelet(filled(artifact["raw"]["data"], known)))
        if "s3" in artifact:
            return self.store / filled(artifact["s3"]["key"], known)
        found = value_of(artifact["from"].strip("{}"), known) if "from" in artifact else None
        found = found if found is not None else expression(artifact["fromExpression"], known)
        assert isinstance(found, Path)
        return found

    def text_file(self, text: str) -> Path:
        """A file with a text in it, as Argo writes for a `raw` artifact."""
        path = self.folder / "texts" / sha256(text.encode()).hexdigest()
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    # ------------------------------------------------------------------ pods

    def pod(self, template: Json, name: str, known: dict[str, str | Path | None], files: dict[str, Path]) -> Outputs:
        """Run a container until it succeeds, as often as its template allows."""
        tries = 1 + int(template.get("retryStrategy", {}).get("limit", 0))
        for number in range(tries):
            pod = f"pod-{sha256(f'{name}({number})'.encode()).hexdigest()[:10]}"
            try:
                return self.container(template, self.folder / pod, known | {"pod.name": pod}, files)
            except subprocess.CalledProcessError:
                if number == tries - 1:
                    raise
        raise AssertionError(tries)

    def container(self, template: Json, folder: Path, known: Known, files: dict[str, Path]) -> Outputs:
        """Run a container template to its end, its file system in a folder."""
        folder.mkdir()
        container, inputs, outputs = template["container"], template.get("inputs", {}), template.get("outputs", {})
        mounts = container.get("volumeMounts", [])
        for each in mounts:
            self.mount(each, folder, known)
        for each in inputs.get("artifacts", []):
            assert each["path"] not in {mount["mountPath"] for mount in mounts}
            _copy(files[each["name"]], _inside(each["path"], folder))
        fixed = [_path(each) for kind in ("parameters", "artifacts") for each in outputs.get(kind, [])]
        places = {*(str(Path(path).parent) for path in fixed if path), *(each["mountPath"] for each in mounts)}
        local = partial(_local, places=places, root=folder)
        words = [local(kubelet(filled(word, known))) for word in (*container["command"], *container.get("args", []))]
        env = {each["name"]: kubelet(filled(each["value"], known)) for each in container.get("env", [])}
        words[0] = sys.executable if words[0] == "python3" else words[0]
        subprocess.run(words, cwd=folder, env=os.environ | env, check=True, timeout=60)
        return self.collected(outputs, folder, known)

    def mount(self, mount: Json, folder: Path, known: Known) -> None:
        """Mount a place of the volume. What is read must be there, though Kubernetes would make an empty folder."""
        assert mount["name"] in self.volumes
        there, here = self.volume / filled(mount["subPath"], known), _inside(mount["mountPath"], folder)
        assert ".." not in mount["subPath"]
        assert there.exists() or not mount.get("readOnly"), there
        if not there.exists():
            there.mkdir(parents=True)
        here.parent.mkdir(parents=True, exist_ok=True)
        here.symlink_to(there)

    def collected(self, outputs: Json, folder: Path, known: Known) -> Outputs:
        """What a container yields, as its template declares it."""
        found = Outputs()
        for each in outputs.get("parameters", []):
            if "value" in each:
                found.parameters[each["name"]] = filled(each["value"], known)
            else:
                text = _inside(each["valueFrom"]["path"], folder).read_text(encoding="utf-8")
                found.parameters[each["name"]] = text.removesuffix("\n")  # one line end, as Argo does
        for each in outputs.get("artifacts", []):
            found.artifacts[each["name"]] = _inside(filled(each["path"], known), folder)
            if "s3" in each:
                _copy(found.artifacts[each["name"]], self.store / filled(each["s3"]["key"], known))
        return found


def given_values(declared: Json, passed: Mapping[str, str]) -> dict[str, str]:
    """The value of every parameter: the one that was passed, else its default."""
    known = {each["name"]: each for each in declared.get("parameters", [])}
    assert passed.keys() <= known.keys()
    return {name: passed[name] if name in passed else each["value"] for name, each in known.items()}


def _names(depends: str) -> list[str]:
    return [name for name in re.findall(r"[\w.-]+", depends) if "." not in name]


def _path(output: Json) -> str:
    return str(output.get("path") or output.get("valueFrom", {}).get("path", ""))


def _inside(path: str, folder: Path) -> Path:
    return folder / path.lstrip("/")


def _local(text: str, places: set[str], root: Path) -> str:
    """Text with the places of a container moved below a folder."""
    known = "|".join(re.escape(each) for each in {"/tmp/inputs", "/tmp/outputs", *places})
    return re.sub(rf"(?<![\w.-])(?=(?:{known})(?![\w.-]))", str(root), text)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
