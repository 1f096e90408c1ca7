# mypy: disable-error-code="import-not-found, import-untyped"
"""Says what kfp 1.8.22 makes of Python functions: JSON requests on stdin, JSON answers on stdout, in the same order.

A request is {"file", "functions"}; the file is imported, as KFP demands. An answer maps each function to the text of
its component.yaml.

Run as `python -I kfp_functions.py`, as kfp_expand.py is.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kfp.components import func_to_component_text

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "1.8.22"


def main() -> None:
    """Answer every request on stdin; whatever else kfp has to say goes to stderr."""
    if version("kfp") != VERSION:
        sys.exit(f"kfp {VERSION} is needed, this is {version('kfp')}")
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = [answer(request) for request in json.load(sys.stdin.buffer)]
    json.dump(answers, sys.stdout)


def answer(request: Mapping[str, Any]) -> dict[str, str]:
    """The component of each function of a file."""
    path = Path(request["file"])
    spec = importlib.util.spec_from_file_location(f"functions_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return {name: func_to_component_text(getattr(module, name)) for name in request["functions"]}


if __name__ == "__main__":
    main()
