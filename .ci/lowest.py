"""Prints pip constraints: the lowest version that `pyproject.toml` allows of each dependency.

python .ci/lowest.py > constraints.txt && pip install --constraint constraints.txt .
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_DEPENDENCY = re.compile(r"(?P<name>[\w.-]+)(\[[^]]*\])?>=(?P<version>[\w.]+)")


def main() -> int:
    """A line for each dependency; 1 if one has no lower bound."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for each in project["dependencies"]:
        found = _DEPENDENCY.match(each)
        if found is None:
            sys.stderr.write(f"{each} has no lower bound\n")
            return 1
        sys.stdout.write(f"{found['name']}=={found['version']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
