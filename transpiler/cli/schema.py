"""`transpile schema`: a JSON Schema to stdout."""

from __future__ import annotations

import argparse
import json
import sys

from transpiler import resources
from transpiler.cli.streams import put
from transpiler.views.values_schema import values_schema


def run(given: argparse.Namespace) -> int:
    """Print the schema, self-contained."""
    made = values_schema() if given.name == "values" else resources.self_contained(given.name)
    put(json.dumps(made, indent=2) + "\n", sys.stdout)
    return 0
