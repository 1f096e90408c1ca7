"""Where files come from, as values: what a user writes in Argo's own fields is read as the value that is printed so."""

from __future__ import annotations

import pytest

from transpiler.plan.sources import Choice, Port, Source, ports_in, source_of, with_tags
from transpiler.plan.templates.loop_files import LoopFolder

INPUT, OUTPUT = Port("table"), Port("model-1", "train-2")
CHOICE = Choice(("tasks['train-2'].status == 'Succeeded' ? ", OUTPUT, " : ", INPUT))

CHOSEN = (
    "tasks['train-2'].status == 'Succeeded' ? tasks['train-2'].outputs.artifacts['model-1'] : inputs.artifacts['table']"
)


@pytest.mark.parametrize(
    ("field", "source", "text"),
    [
        ("from", INPUT, "{{inputs.artifacts.table}}"),
        ("from", OUTPUT, "{{tasks.train-2.outputs.artifacts.model-1}}"),
        (
            "fromExpression",
            CHOICE,
            CHOSEN,
        ),
    ],
)
def test_what_is_printed_is_read_as_the_same(field: str, source: Source, text: str) -> None:
    printed = with_tags({"outputs": {"artifacts": [{"name": "a", field: source}]}})
    (artifact,) = printed["outputs"]["artifacts"]
    assert artifact == {"name": "a", field: text}
    assert list(ports_in(source_of(artifact))) == list(ports_in(source))


def test_an_expression_names_other_parameters_where_its_files_are_on_a_volume() -> None:
    moved = CHOICE.over(lambda port: port.parameter(f"{port.name}-path"))
    assert moved.text.endswith("tasks['train-2'].outputs.parameters['model-1-path'] : inputs.parameters['table-path']")


def test_every_place_of_a_dag_is_printed() -> None:
    folder = LoopFolder("train", "model", is_retried=True)
    call = {
        "arguments": {"parameters": [{"name": "folder", "value": folder}], "artifacts": [{"name": "a", "from": INPUT}]}
    }
    dag = {"dag": {"tasks": [{"name": "t", **call, "hooks": {"exit": call}}]}, "steps": [[call]]}
    printed = with_tags({**dag, "inputs": {"artifacts": [{"name": "b", "s3": {"key": folder}}]}})
    text = str(printed)
    assert text.count("{{node.name}}/{{retries}}/train/model") == 4
    assert text.count("{{inputs.artifacts.table}}") == 3
    assert "Port" not in text


def test_what_is_stored_comes_from_nowhere() -> None:
    assert source_of({"name": "a", "s3": {"key": "k"}}) is None
    assert list(ports_in(None)) == []
