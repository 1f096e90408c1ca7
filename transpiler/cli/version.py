"""`transpile --version`."""

from __future__ import annotations

import argparse
import platform
import sys

from ruamel.yaml import __with_libyaml__

from transpiler import __version__
from transpiler.cli.streams import put


def run(_: argparse.Namespace) -> int:
    """Print the versions that matter for a bug report."""
    reader = "libyaml" if __with_libyaml__ else "pure Python"
    put(f"transpile {__version__} (Python {platform.python_version()}, YAML reader: {reader})\n", sys.stdout)
    return 0
