"""`python -m transpiler` is `transpile`."""

import sys

from transpiler.cli.main import main

sys.exit(main())
