"""Options of commands that run programs on this machine."""

from __future__ import annotations

import argparse

EXECUTORS = ("process", "docker", "podman")


def add_means(command: argparse.ArgumentParser, default: str) -> None:
    """Add what runs tasks, and what a cluster would have. `default`: the executor without the option, in words."""
    command.add_argument(
        "--executor",
        choices=EXECUTORS,
        default="",
        help="what runs the tasks: `process`, commands of this machine; `docker` or `podman`, containers of their "
        f"images (default: {default})",
    )
    command.add_argument(
        "--container-option",
        metavar="WORD",
        action="append",
        default=[],
        help="a word for `docker create` or `podman create`, such as --container-option=--gpus=all (repeatable)",
    )
    command.add_argument(
        "--task-option",
        metavar="TASK=WORD",
        action="append",
        default=[],
        help="the same for the containers of a task, such as --task-option train=--gpus=all (repeatable)",
    )
    command.add_argument(
        "--max-parallel",
        metavar="N",
        type=_number,
        default=0,
        help="run as many tasks at the same time (default: one for each processor)",
    )
    _add_supplies(command)


def _add_supplies(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--secret",
        metavar="NAME=PATH",
        action="append",
        default=[],
        help="the values of a Secret: a file of lines KEY=VALUE, or a folder with a file for each key (repeatable)",
    )
    command.add_argument(
        "--env-file",
        metavar="FILE",
        action="append",
        default=[],
        help="the values of Secrets: a file of lines SECRET.KEY=VALUE (repeatable)",
    )
    command.add_argument(
        "--config-map",
        metavar="NAME=PATH",
        action="append",
        default=[],
        help="the values of a ConfigMap, likewise (repeatable)",
    )
    command.add_argument(
        "--store",
        metavar="DIR",
        default="",
        help="a folder that stands in for stores of files: s3/BUCKET/KEY, http/HOST/PATH, git/HOST/PATH below it",
    )


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"it is a whole number from 1 to 9999, not `{text}`")
    return number
