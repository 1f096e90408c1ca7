"""`transpile schema`: a JSON Schema to stdout."""

from __future__ import annotations

import argparse
import json
import sys

from transpiler import resources
from transpiler.cli.streams import put


def run(given: argparse.Namespace) -> int:
    """Print the schema, self-contained."""
    put(json.dumps(resources.self_contained(given.name), indent=2) + "\n", sys.stdout)
    return 0
