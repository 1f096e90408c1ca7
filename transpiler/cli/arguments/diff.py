"""The command line of `diff`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_environment, add_folders, add_kind, add_output

EXAMPLES = """\
examples:
  transpile diff                                         what is not committed: HEAD against this folder
  transpile diff main:                                   the branch main against this folder
  transpile diff HEAD~1:pipelines/train.yaml             an older revision of one manifest
  transpile diff v1.2: v1.3:                             two revisions
  transpile diff old.yaml new.yaml                       two manifests
  transpile diff pipeline.yaml --env dev --env prod      two environments of a manifest
  transpile diff main: --impact components/train         the pipelines that a changed component touches
  transpile diff main:pipeline.yaml --graph diff.svg     both versions in one picture

a revision is what git calls one, with a colon and a path, which starts at this folder; without a path, all of it

with --env, both sides are compared in that environment; with two, the first side in the first and the second in the
second, where `-` is the manifest alone; without, folders are compared in every environment that they have

exit codes: 0 the same Workflows, 1 something differs, or does not compile, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "old",
        metavar="OLD",
        nargs="?",
        help="a manifest, a folder, or REVISION:PATH; alone, a path is compared with its committed version "
        "(default: `HEAD:`)",
    )
    command.add_argument(
        "new", metavar="NEW", nargs="?", help="its other version (default: the same path in the working tree)"
    )
    command.add_argument(
        "--impact",
        metavar="PATH",
        action="append",
        default=[],
        help="show only the pipelines that use this component or folder, and what its change does to them (repeatable)",
    )
    command.add_argument(
        "--graph",
        metavar="FILE",
        default="",
        help="draw both versions in one picture, too: Mermaid, SVG or a page, as for `transpile graph`; `-` prints "
        "Mermaid instead of the changes",
    )
    command.add_argument("--force", action="store_true", help="overwrite a picture that transpile did not write")
    add_kind(command)
    add_environment(command)
    add_folders(command)
    add_output(command)
    command.add_argument("-q", "--quiet", action="store_true", help="print only the changes")
