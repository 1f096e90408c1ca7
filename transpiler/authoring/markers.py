"""Annotations of parameters that are paths of files. They do nothing: the source is read, not run."""

from __future__ import annotations

from typing import Any


class InputPath:
    """The parameter is the path of a file with the input's data: `table_path: InputPath('CSV')`."""

    def __init__(self, type: Any = None) -> None:  # noqa: A002 - KFP's name
        self.type = type


class OutputPath:
    """The parameter is the path of a file that the function writes: `model_path: OutputPath('Model')`."""

    def __init__(self, type: Any = None) -> None:  # noqa: A002 - KFP's name
        self.type = type
