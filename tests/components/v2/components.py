# mypy: ignore-errors
# ruff: noqa: ANN201, B006, FBT002, PLC0415, PTH103, PTH118, PTH123, UP045 - kfp's annotations are objects, and its
# users write programs of one function.
"""Components for kfp 2, written for these tests. Run as a program by a Python with kfp 2.17.0, this compiles them all.

kfp copies the text of each function into its component, so a function imports what it uses itself.
"""

import sys
from pathlib import Path
from typing import Any, NamedTuple, Optional

from kfp import dsl
from kfp.compiler import Compiler
from kfp.dsl import (
    ClassificationMetrics,
    ConcatPlaceholder,
    ContainerSpec,
    Dataset,
    IfPresentPlaceholder,
    Input,
    InputPath,
    Metrics,
    Model,
    Output,
    OutputPath,
)

python = dsl.component(base_image="python:3.12")


@python
def divide(a: int, b: float = 2.0) -> float:
    """Divide a by b."""
    return a / b


@python
def echo(text: str) -> str:
    return text


@python
def pack(text: str, count: int, rate: float, flag: bool, items: list, table: dict) -> NamedTuple(
    "Outputs",
    [("text", str), ("count", int), ("rate", float), ("flag", bool), ("items", list), ("table", dict)],
):
    return (text, count, rate, flag, items, table)


@python
def defaults(
    count: int = 3,
    rate: float = 1.0,
    small: float = 1e-5,
    flag: bool = True,
    items: list = [1, 2.5, "Zürich", True],
    table: dict = {"rows": 3, "nested": {"rate": 0.5}},
    text: str = "$$ {{ x }} $(HOME) 'quoted' \"too\"",
) -> str:
    return repr((count, rate, small, flag, items, sorted(table.items()), text))


@python
def left_out(
    text: Optional[str] = None,
    count: Optional[int] = None,
    table: Optional[dict] = None,
    file: Optional[Input[Dataset]] = None,
    word: str = "word",
) -> str:
    content = None
    if file is not None:
        with open(file.path) as opened:
            content = opened.read()
    return repr((text, count, table, content, word))


@python
def train(
    table: Input[Dataset],
    rate: float,
    model: Output[Model],
    metrics: Output[Metrics],
    roc: Output[ClassificationMetrics],
) -> int:
    with open(table.path) as file:
        rows = file.read().split()
    with open(model.path, "w") as file:
        file.write(f"{table.name} {rate} {rows}")
    model.metadata["framework"] = "none"
    metrics.log_metric("rows", len(rows))
    roc.log_confusion_matrix(["yes", "no"], [[1, 2], [3, 4]])
    return len(rows)


@python
def copy_paths(source: InputPath("Dataset"), target: OutputPath("Dataset"), lines: OutputPath(int)):
    with open(source) as file:
        text = file.read()
    with open(target, "w") as file:
        file.write(text)
    with open(lines, "w") as file:
        file.write(str(text.count("\n")))


@python
def elsewhere(text: str) -> Dataset:
    """Yields a file at a place that the program chose itself."""
    place = dsl.get_uri("chosen")
    with open(place, "w") as file:
        file.write(text)
    return Dataset(uri=place)


@python
def folder(names: list, pages: Output[dsl.Artifact]):
    import os

    for name in names:
        os.makedirs(pages.path, exist_ok=True)
        with open(os.path.join(pages.path, name), "w") as file:
            file.write(name)


@python
def special_text() -> str:
    shell, template, process = "$(HOME) $HOME", "{{ user }} {{- item.x -}} {% if %}", "$$"
    return f"{shell} {template} {process} \\ \t 'Grüße'"


@python
def of_the_run(job: str = dsl.PIPELINE_JOB_NAME_PLACEHOLDER) -> str:
    return f"run {job}"


@dsl.component(base_image="python:3.12", target_image="ghcr.io/example/tools:1.0")
def in_an_image(count: int) -> int:
    return count + 1


@dsl.container_component
def copy_file(table: Input[Dataset], model: Output[Model], lines: OutputPath(int)):
    """Copy a file, and count its lines."""
    return ContainerSpec(
        image="alpine:3.20",
        command=["sh", "-ec", 'cp "$0" "$1"; wc -l < "$0" > "$2"'],
        args=[table.path, model.path, lines],
    )


@dsl.container_component
def print_all(
    text: str,
    out: OutputPath(str),
    count: int = 3,
    rate: float = 0.5,
    flag: bool = True,
    items: list = ["a", 1],
    table: dict = {"k": 1.5},
    word: Optional[str] = None,
    file: Optional[Input[dsl.Artifact]] = None,
):
    return ContainerSpec(
        image="python:3.12",
        command=["python3", "-c", "import sys; open(sys.argv[1], 'w').write('\\n'.join(sys.argv[2:]))", out],
        args=[
            *["--text", text, "--count", count, "--rate", rate, "--flag", flag, "--items", items, "--table", table],
            f"{text}/{count}",
            ConcatPlaceholder(["--both=", count, "-", rate, "-", ConcatPlaceholder([flag, "!"])]),
            IfPresentPlaceholder(
                "word", ["--word", word, ConcatPlaceholder(["word:", word])], ["--no-word", "$$ {{ x }}"]
            ),
            IfPresentPlaceholder("file", ["--file", file.path, file.uri]),
            IfPresentPlaceholder("count", "one"),
        ],
    )


@dsl.container_component
def print_run(out: OutputPath(str)):
    return ContainerSpec(
        image="alpine:3.20",
        command=["sh", "-c", 'echo "$@" > "$0"', out],
        args=[
            dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
            f"job:{dsl.PIPELINE_JOB_ID_PLACEHOLDER}",
            dsl.PIPELINE_TASK_NAME_PLACEHOLDER,
            dsl.PIPELINE_TASK_ID_PLACEHOLDER,
        ],
    )


COMPONENTS: dict[str, Any] = {
    name: value for name, value in globals().items() if isinstance(value, dsl.base_component.BaseComponent)
}


def main(target: Path) -> None:
    """Compile every component into a folder."""
    target.mkdir(exist_ok=True)
    for name, component in COMPONENTS.items():
        Compiler().compile(component, str(target / f"{name}.yaml"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "compiled")
