# mypy: disable-error-code="import-not-found, import-untyped"
"""Answers one question about a component of kfp 2.17.0: a JSON request on stdin, a JSON answer on stdout.

`words`: the command line of a compiled component, as kfp.local resolves its placeholders.
`call`: what a function yields that is called directly, without anything of kfp's between.

Run as `python -I kfp2_answers.py QUESTION`: isolated, because this folder holds modules that are not kfp itself.
"""

from __future__ import annotations

import inspect
import json
import sys
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import yaml
from kfp import dsl
from kfp.dsl.types import artifact_types, type_annotations
from kfp.local import placeholder_utils

VERSION = "2.17.0"


def main() -> None:
    """Answer the one request."""
    if version("kfp") != VERSION:
        sys.exit(f"kfp {VERSION} is needed, this is {version('kfp')}")
    json.dump({"words": words, "call": call}[sys.argv[1]](json.load(sys.stdin)), sys.stdout)


def words(request: dict[str, Any]) -> list[str]:
    """The words of a container, with paths and values in place, and Argo's tags for the run."""
    document = yaml.safe_load(Path(request["file"]).read_text(encoding="utf-8"))
    (component,) = document["components"].values()
    (executor,) = document["deploymentSpec"]["executors"].values()
    container = executor["container"]
    placeholder_utils.make_random_id = lambda: "{{pod.name}}"
    found: list[str] = placeholder_utils.replace_placeholders(
        full_command=[*container.get("command", []), *container.get("args", [])],
        executor_input_dict=executor_input(request, component),
        pipeline_resource_name="{{workflow.name}}",
        task_resource_name="{{tasks.name}}",
        pipeline_root="",
        unique_pipeline_id="{{workflow.uid}}",
    )
    return found


def executor_input(request: dict[str, Any], component: dict[str, Any]) -> dict[str, Any]:
    """kfp's message to an executor, with the defaults put in (integers as integers, as kfp.local has them)."""
    declared = component.get("inputDefinitions", {}).get("parameters", {})
    values = {name: default(given) for name, given in declared.items() if "defaultValue" in given}
    artifacts = {name: {"artifacts": [{"uri": path}]} for name, path in request["artifacts"].items()}
    outputs = {name: {"outputFile": path} for name, path in request["outputs"].items()}
    files = {name: {"artifacts": [{"uri": path}]} for name, path in request["outputs"].items()}
    return {
        "inputs": {"parameterValues": values | request["parameters"], "artifacts": artifacts},
        "outputs": {"parameters": outputs, "artifacts": files, "outputFile": "/tmp/outputs/executor_output.json"},
    }


def default(given: dict[str, Any]) -> Any:
    """A default, with whole numbers as integers, as KFP's backend has them in JSON and where the type says so."""
    value = given["defaultValue"]
    return value if given["parameterType"] == "NUMBER_DOUBLE" else with_integers(value)


def with_integers(value: Any) -> Any:
    """A JSON value without 3.0."""
    if isinstance(value, dict):
        return {key: with_integers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_integers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def call(request: dict[str, Any]) -> dict[str, Any]:
    """Call a function with files and values, and say what it yields."""
    artifact_types.CONTAINER_TASK_ROOT = request["folder"]
    function = loaded(request["file"], request["function"])
    annotations = inspect.get_annotations(function)
    given = dict(request["parameters"])
    made = {}
    for name, path in {**request["artifacts"], **request["outputs"]}.items():
        kind = type_annotations.maybe_strip_optional_from_annotation(annotations.get(name))
        if isinstance(kind, (type_annotations.InputPath, type_annotations.OutputPath)):
            given[name] = path
        elif kind is not None:
            given[name] = made[name] = type_annotations.get_io_artifact_class(kind)(name=name, uri=path)
    result = function(**given)
    return {
        "parameters": yielded(result, annotations.get("return")),
        "metadata": {name: artifact.metadata for name, artifact in made.items()},
    }


def loaded(file: str, name: str) -> Any:
    """The function that a component was made of."""
    spec = spec_from_file_location("components", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name).python_func


def yielded(result: Any, annotation: Any) -> dict[str, Any]:
    """The values that a function returned, by output name; the content of a file that it made."""
    if result is None:
        return {}
    if isinstance(result, dsl.Artifact):
        return {"Output": Path(result.path).read_text(encoding="utf-8")}
    fields = getattr(annotation, "_fields", None)
    return dict(zip(fields, result, strict=True)) if fields else {"Output": result}


if __name__ == "__main__":
    main()
