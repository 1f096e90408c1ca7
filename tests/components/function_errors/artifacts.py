from typing import List, Optional

from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output


def function(
    table: Input[Dataset],
    metrics: Output[Metrics],
    several: Input[List[Dataset]],  # ! wrong-annotation
    bare: Input,  # ! wrong-annotation
    extra: Optional[Input[dsl.Artifact]] = None,
    named: Input[Model] = "a",  # ! wrong-default
):
    metrics.log_metric("rows", 1)  # ! kfp-backend
    metrics.metadata["rows"] = 1  # ! kfp-backend
    if extra and not table:
        print(extra.path, table.uri)  # ! kfp-backend
    copy = table if extra is not None else None  # ! kfp-backend
    with open(metrics.path, "w") as target:
        target.write(f"{table.path} {copy} {named.path}")
