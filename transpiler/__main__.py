"""`python -m transpiler` is `transpile`."""

import sys

from transpiler.cli.main import process

sys.exit(process())
