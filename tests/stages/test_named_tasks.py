"""Which tasks data in Argo's own fields names: in tags, in expressions, and as what a task waits for."""

from __future__ import annotations

from typing import Any

import pytest

from transpiler.argo.named_tasks import named_in


@pytest.mark.parametrize(
    ("fields", "tasks"),
    [
        ({"when": "{{tasks.load-2.ip}} != ''"}, {"load-2"}),
        ({"when": "it's {{steps.load.outputs.result}}"}, {"load"}),
        ({"withParam": "{{=toJson(tasks['load-2'].outputs.result)}}"}, {"load-2"}),
        ({"hooks": {"late": {"expression": "tasks.load-2.status == 'Failed'"}}}, {"load", "load-2"}),
        ({"arguments": {"parameters": [{"name": "a", "value": "${{ int(tasks.load.output) }}"}]}}, {"load"}),
        ({"depends": "load && !(save.Failed || late)"}, {"load", "save", "late"}),
        ({"dependencies": ["load", "save"]}, {"load", "save"}),
        ({"when": "{{inputs.parameters.day}} == '1'"}, set()),
    ],
)
def test_what_names_a_task_of_the_dag(fields: dict[str, Any], tasks: set[str]) -> None:
    assert named_in(fields).tasks == tasks
    assert named_in(fields).is_anything


@pytest.mark.parametrize(
    "fields",
    [{}, {"withItems": ["all tasks of a day", 1, None]}, {"when": "'{{workflow.name}}' == 'a'"}, {"continueOn": {}}],
)
def test_what_names_nothing_of_the_dag(fields: dict[str, Any]) -> None:
    assert named_in(fields) == named_in({})
