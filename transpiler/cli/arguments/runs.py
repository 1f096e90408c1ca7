"""The command line of `runs`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.run import add_run_dir
from transpiler.cli.arguments.shared import add_action, add_folders, add_output

LIST_EXAMPLES = """\
examples:
  transpile runs list                       the runs of this folder's project
  transpile runs list --format json
"""
SHOW_EXAMPLES = """\
examples:
  transpile runs show pipeline-x7k2p        its tasks, how they ended, and the outputs
  transpile runs show pipeline-x7k2p --log train
                                            what a task printed
"""
REMOVE_EXAMPLES = """\
examples:
  transpile runs remove pipeline-x7k2p
  transpile runs remove --succeeded         all runs that have succeeded
  transpile runs remove --cache             the results that are kept for tasks with `cache`
"""
EXAMPLES = """\
examples:
  transpile runs list
  transpile runs show pipeline-x7k2p
  transpile runs remove pipeline-x7k2p
  transpile graph pipeline.yaml --run .transpile/runs/pipeline-x7k2p/status.json -o run.html
                                            a picture of a run

exit codes: 0 fine, 1 there is no such run, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the actions of the command, each with its arguments."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = add_action(actions, "list", "list the runs on this machine", LIST_EXAMPLES)
    show = add_action(actions, "show", "show how a run went, and its outputs", SHOW_EXAMPLES)
    show.add_argument("run", metavar="RUN", help="the name of a run, or its folder")
    show.add_argument("--log", metavar="TASK", default="", help="print what a task printed, instead")
    remove = add_action(actions, "remove", "remove runs, with their logs and files", REMOVE_EXAMPLES)
    remove.add_argument("runs", metavar="RUN", nargs="*", help="the name of a run, or its folder")
    remove.add_argument("--succeeded", action="store_true", help="all runs that have succeeded")
    remove.add_argument("--cache", action="store_true", help="the results that are kept for tasks with `cache`")
    for each in (listing, show, remove):
        add_run_dir(each)
        add_folders(each)
        add_output(each)
        each.add_argument("-q", "--quiet", action="store_true", help="print less")
