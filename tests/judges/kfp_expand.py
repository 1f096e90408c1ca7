# mypy: disable-error-code="import-not-found, import-untyped"
"""Says what kfp 1.8.22 compiles a component to: JSON requests on stdin, JSON answers on stdout, in the same order.

A request is {"id", "file", "arguments"}: a component.yaml and string constants by original input name.
An answer is {"id", "error"} and, when the error is "", the container that kfp makes of a task with these
arguments: {"image", "command", "args", "env", "inputs": {path: constant data}, "outputs": {declared name: path}}.

Repeats kfp, mistakes too: an input taken by value and by path has a path in `args` and none in `inputs`, and
an argument that the component never uses is in `inputs`. Never opens a URL, never writes a file.

Run as `python -I kfp_expand.py`: isolated, because the module kfp that lies beside this file is not kfp itself.
"""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from kfp.compiler import Compiler
from kfp.components import load_component_from_file
from kfp.components._naming import _sanitize_python_function_name, generate_unique_name_conversion_table
from kfp.components._structures import GraphImplementation
from kfp.dsl._container_op import _is_legacy_output_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kfp.dsl import ContainerOp

VERSION = "1.8.22"


def main() -> None:
    """Answer every request on stdin; whatever else kfp has to say goes to stderr."""
    if version("kfp") != VERSION:
        sys.exit(f"kfp {VERSION} is needed, this is {version('kfp')}")
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = [answer(request) for request in json.load(sys.stdin.buffer)]
    json.dump(answers, sys.stdout)


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """The container kfp makes of the request, or the error it raises."""
    try:
        return {"id": request["id"], "error": "", **expand(request["file"], request["arguments"])}
    except Exception as error:  # one request that kfp refuses must not cost the others their answer
        return {"id": request["id"], "error": f"{type(error).__name__}: {error}"}


def expand(file: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The container of a one-task pipeline that gives the component these arguments."""
    factory = load_component_from_file(file)
    spec = factory.component_spec
    if isinstance(spec.implementation, GraphImplementation):
        raise TypeError("a graph component has no container of its own")
    given = pythonic([declared.name for declared in spec.inputs or []], arguments)
    declared_outputs = [declared.name for declared in spec.outputs or []]
    outputs: dict[str, str] = {}

    def pipeline() -> None:
        outputs.update(output_paths(declared_outputs, factory(**given)))

    return container(Compiler()._create_workflow(pipeline)) | {"outputs": outputs}


def pythonic(names: Sequence[str], arguments: Mapping[str, str]) -> dict[str, str]:
    """The arguments under the parameter names that kfp derives from all of a component's input names."""
    parameters = generate_unique_name_conversion_table(names, _sanitize_python_function_name)
    return {parameters[name]: value for name, value in arguments.items()}


def output_paths(names: Sequence[str], task: ContainerOp) -> dict[str, str]:
    """The file of each declared output; to be asked before compiling, which renames outputs and merges equal names."""
    paths = task.file_outputs | task.output_artifact_paths
    return {name: paths[_is_legacy_output_name(name)[1]] for name in names}


def container(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """What the single container template of a workflow runs, and the constants Argo would put into files for it."""
    [template] = [found for found in workflow["spec"]["templates"] if "container" in found]
    lists = {key: template["container"].get(key, []) for key in ("command", "args", "env")}
    artifacts = template.get("inputs", {}).get("artifacts", [])
    constants = {artifact["path"]: artifact["raw"]["data"] for artifact in artifacts if "raw" in artifact}
    return {"image": template["container"]["image"], **lists, "inputs": constants}


if __name__ == "__main__":
    main()
