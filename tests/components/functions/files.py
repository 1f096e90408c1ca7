# Inputs and outputs by path, and what becomes of their names.
from typing import NamedTuple, Optional

import kfp.components as comp
from kfp.components import InputPath, OutputPath
from kfp.components import InputPath as Incoming


def copy(source_path: InputPath("CSV"), target_path: OutputPath("CSV")):
    """Copy a table."""
    with open(source_path) as source, open(target_path, "w") as target:
        target.write(source.read().upper())


def count(lines_file: InputPath(), log_file_path: OutputPath(str), least: int = 0) -> int:
    with open(lines_file) as file:
        lines = [line for line in file if len(line) > least]
    with open(log_file_path, "w") as log:
        log.writelines(lines)
    return len(lines)


def split(
    table_path: comp.InputPath("CSV"), head_path: comp.OutputPath("CSV"), tail_path: comp.OutputPath("CSV")
) -> NamedTuple("Outputs", [("rows", int), ("columns", list)]):
    """Splits off the first line."""
    with open(table_path, encoding="utf-8") as file:
        head, *tail = file.read().split("\n")
    with open(head_path, "w", encoding="utf-8") as file:
        file.write(head)
    with open(tail_path, "w", encoding="utf-8") as file:
        file.write("\n".join(tail))
    return (len(tail), head.split(","))


def maybe(first_path: Incoming("Text"), second_path: InputPath("Text") = None) -> str:
    texts = []
    for path in (first_path, second_path):
        if path is not None:
            with open(path) as file:
                texts.append(file.read())
    return "+".join(texts)


def same_names(model_path: InputPath("Model"), model: str, model_file: InputPath("Model")) -> str:
    """KFP tells equal names apart by a number."""
    texts = [open(path).read() for path in (model_path, model_file)]
    return f"{texts} {model}"


def output_twice(output_path: OutputPath("Text"), Output_path: OutputPath("Text")) -> str:
    for path in (output_path, Output_path):
        with open(path, "w") as file:
            file.write(path[-20:-5].split("/")[0][:0] + "written")
    return "returned"


def of_types(numbers_path: InputPath(list), table_path: InputPath({"GCSPath": {"data_type": "CSV"}})) -> dict:
    import json

    with open(numbers_path) as numbers, open(table_path) as table:
        return {"numbers": json.load(numbers), "table": table.read()}


RUNS = {
    "copy": [{"source": "a,b\n1,2\n"}, {"source": ""}],
    "count": [{"lines": "one\ntwo\nthree\n"}, {"lines": "one\ntwo\nthree\n", "least": "4"}],
    "split": [{"table": "a,ü\n1,2\n3,4\n"}],
    "maybe": [{"first": "1"}, {"first": "1", "second": "2"}],
    "same_names": [{"model": "1", "model_2": "2", "model_3": "3"}],
    "output_twice": [{}],
    "of_types": [{"numbers": "[1]", "table": "a"}],
}
