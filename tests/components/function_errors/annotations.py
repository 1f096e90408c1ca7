from typing import Any, Literal, NamedTuple, Optional, Union

import pandas
from kfp.components import InputPath, InputTextFile, OutputPath


class Row:
    pass


def function(
    untyped,  # ! missing-annotation
    guessed=100,  # ! missing-annotation
    names=["a"],  # ! missing-annotation
    fine: int = 0,
    anything: Any = None,
    typo: itn = 1,  # ! wrong-annotation
    frame: pandas.DataFrame = None,  # ! wrong-annotation
    row: Optional[Row] = None,  # ! wrong-annotation
    several: Union[int, str] = 1,  # ! wrong-annotation
    either: int | str | None = 1,  # ! wrong-annotation
    pair: tuple = None,  # ! wrong-annotation
    raw: bytes = None,  # ! wrong-annotation
    mode: Literal["a", "b"] = "a",  # ! wrong-annotation
    stream: InputTextFile("CSV") = None,  # ! wrong-annotation
    bare: InputPath = None,  # ! wrong-annotation
    square: InputPath["CSV"] = None,  # ! wrong-annotation
    many: InputPath("CSV", "TSV") = None,  # ! wrong-annotation
    nested: InputPath(OutputPath("CSV")) = None,  # ! wrong-annotation
    number: 5 = None,  # ! wrong-annotation
    called: make_type() = None,  # ! wrong-annotation
    empty: "" = None,  # ! wrong-annotation
    postponed: "Optional[Row]" = None,  # ! wrong-annotation
    properties: {"GCSPath": {"size": 5}} = None,  # ! wrong-annotation
    nothing: None = None,  # ! wrong-annotation
    outputs: NamedTuple("O", [("a", int)]) = None,  # ! wrong-annotation
    *,
    keyword,  # ! missing-annotation
):
    return None
