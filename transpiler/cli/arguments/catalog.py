"""The command line of `catalog` and `upgrade-check`. Imports nothing but argparse."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_action, add_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from transpiler.cli.arguments.shared import Commands

EXAMPLES = """\
examples:
  transpile catalog list components                   list all components
  transpile catalog search "train csv" components     components with both words in a name, type or description
  transpile catalog show tables/filter components     one component in full, with a manifest to copy
  transpile catalog docs components -o site           a web site of all components, which works offline
  transpile catalog diff v1/components v2/components  the changes, and which of them break users
"""
_LIST_EXAMPLES = """\
examples:
  transpile catalog list
  transpile catalog list components ../shared/components
  transpile catalog list components --format json
"""
_SEARCH_EXAMPLES = """\
examples:
  transpile catalog search csv
  transpile catalog search "train model" components
  transpile catalog search GCSPath components --format json
"""
_SHOW_EXAMPLES = """\
examples:
  transpile catalog show components/filter/component.yaml   a file, or its folder
  transpile catalog show tables/filter components           the reference as in a manifest
  transpile catalog show "Filter table" components          its name
  transpile catalog show tables/filter components --format json
"""
_DOCS_EXAMPLES = """\
examples:
  transpile catalog docs components -o site
  transpile catalog docs components -o site --pipelines pipelines --title "Churn components"
"""
_DIFF_EXAMPLES = """\
examples:
  transpile catalog diff old/filter.yaml new/filter.yaml
  transpile catalog diff v1/components v2/components
  transpile catalog diff v1/components v2/components --format json > changes.json

exit codes: 0 nothing breaks, 1 something breaks, or a component is broken, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the actions of the command."""
    actions = command.add_subparsers(dest="action", metavar="COMMAND", required=True)
    listing = add_action(actions, "list", "list the components of catalogs", _LIST_EXAMPLES)
    search = add_action(
        actions, "search", "find components by name, description, inputs, outputs and types", _SEARCH_EXAMPLES
    )
    search.add_argument("words", metavar="WORDS", help="the words to search for; quote several words")
    show = add_action(actions, "show", "show one component in full, with a manifest to copy", _SHOW_EXAMPLES)
    show.add_argument("reference", metavar="REF", help="a file, a path below DIR as printed by `list`, or a name")
    for each in (listing, search, show):
        each.add_argument("folders", metavar="DIR", nargs="*", default=["."], help="catalogs (default: `.`)")
        add_output(each)
    _add_docs(actions)
    _add_diff(actions)


def _add_docs(actions: Commands) -> None:
    docs = add_action(actions, "docs", "write a web site that documents catalogs and works offline", _DOCS_EXAMPLES)
    docs.add_argument("folders", metavar="DIR", nargs="+", help="catalogs")
    docs.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="the folder to write, which is replaced completely"
    )
    docs.add_argument(
        "--pipelines",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder whose manifests are shown, repeatable (default: the Git checkout of each catalog, and of it "
        "those that use a component)",
    )
    docs.add_argument("--title", metavar="TEXT", default="Component catalog", help="the title of the site")
    add_output(docs, help_format="the format of problems")
    docs.add_argument("-q", "--quiet", action="store_true", help="print only problems")


def _add_diff(actions: Commands) -> None:
    diff = add_action(
        actions, "diff", "compare two versions of a component or catalog, and name breaking changes", _DIFF_EXAMPLES
    )
    diff.add_argument("old", metavar="OLD", help="a component file, or a catalog")
    diff.add_argument("new", metavar="NEW", help="its other version")
    add_output(diff)
