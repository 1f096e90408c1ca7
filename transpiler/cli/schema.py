"""`transpile schema`: a JSON Schema to stdout."""

from __future__ import annotations

import argparse
import json

from transpiler import resources


def run(given: argparse.Namespace) -> int:
    """Print the schema, self-contained."""
    print(json.dumps(resources.self_contained(given.name), indent=2, ensure_ascii=True))
    return 0
