"""Options that several commands have."""

from __future__ import annotations

import argparse
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Commands = Any
    """What `add_subparsers` gives (argparse has no public name for it)."""

FORMATS = ("text", "concise", "json", "github", "gitlab", "junit", "sarif")
"""How problems are shown; `transpiler.report.formats` has the renderers."""
FORMAT_VARIABLE = "TRANSPILE_FORMAT"


def add_action(commands: Commands, name: str, what: str, examples: str) -> argparse.ArgumentParser:
    """A command, or an action of one, with its examples. `what` is its help, and its description."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=examples or None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def add_strict(command: argparse.ArgumentParser) -> None:
    """Add `--strict`."""
    command.add_argument(
        "--strict", action=argparse.BooleanOptionalAction, help="fail for warnings too (default: as the project says)"
    )


def add_locked(command: argparse.ArgumentParser) -> None:
    """Add `--locked`."""
    command.add_argument(
        "--locked",
        action=argparse.BooleanOptionalAction,
        help="refuse components that differ from transpile.lock (default: as the project says)",
    )


def add_environment(command: argparse.ArgumentParser) -> None:
    """Add what changes a manifest for an environment, and the version of Argo."""
    command.add_argument(
        "--env",
        metavar="NAME",
        action="append",
        default=[],
        help="an environment: the values file beside the manifest, such as pipeline.prod.yaml for `prod` (repeatable)",
    )
    command.add_argument(
        "--values",
        metavar="FILE",
        action="append",
        default=[],
        help="a values file, which changes inputs and settings of the manifest; later files win (repeatable)",
    )
    command.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="one value, such as `inputs.rows=10` or `tasks.train.retry=3`; wins over all files (repeatable)",
    )
    add_target(command)


def add_target(command: argparse.ArgumentParser) -> None:
    """Add the version of Argo."""
    command.add_argument(
        "--argo",
        metavar="VERSION",
        type=_minor,
        choices=("3.6", "3.7", "4.0", "4.1"),
        default="",
        help="the version of Argo Workflows in the cluster: 3.6, 3.7, 4.0 or 4.1 (default: 4.1); what it lacks is "
        "written in an older form, or refused",
    )


def add_parameters(command: argparse.ArgumentParser) -> None:
    """Add the values of a run."""
    command.add_argument(
        "-p",
        "--parameter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a value for an input; wins over files (repeatable)",
    )
    command.add_argument(
        "--parameter-file",
        "--params-file",
        metavar="FILE",
        action="append",
        default=[],
        help="values for inputs, in YAML or JSON; later files win (repeatable)",
    )


def add_kind(command: argparse.ArgumentParser) -> None:
    """Add the kind of object."""
    command.add_argument(
        "--kind",
        choices=("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"),
        default="",
        help="the kind of object: a Workflow runs at once, a template when submitted, a CronWorkflow by its schedule "
        "(default: CronWorkflow for a manifest with `schedule`, WorkflowTemplate if callers must pass files, "
        "else Workflow)",
    )


def add_jobs(command: argparse.ArgumentParser) -> None:
    """Add how many manifests are compiled at once."""
    command.add_argument(
        "--jobs",
        metavar="N",
        type=_jobs,
        default=0,
        help="compile in as many processes at once, if there is enough to do (default: one for each processor)",
    )


def _jobs(text: str) -> int:
    jobs = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 0
    if not 1 <= jobs <= 256:
        raise argparse.ArgumentTypeError(f"jobs are a whole number from 1 to 256, not `{text}`")
    return jobs


def _minor(version: str) -> str:
    """A version without its patch: `v3.7.4`, as `argo version` prints it, is 3.7."""
    return ".".join(version.removeprefix("v").split(".")[:2])


def add_shared(command: argparse.ArgumentParser) -> None:
    """Add what every command has that reads manifests."""
    add_folders(command)
    add_display(command)


def add_folders(command: argparse.ArgumentParser) -> None:
    """Add where components are found, and what paths must not leave."""
    command.add_argument(
        "--catalog",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder in which components are looked up by name or digest (repeatable)",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that paths must not leave (default: the Git checkout)"
    )
    add_project(command)


def add_project(command: argparse.ArgumentParser) -> None:
    """Add which project file counts."""
    command.add_argument(
        "--project",
        metavar="FILE",
        default="",
        help="the project file (default: transpile.yaml, or [tool.transpile] in pyproject.toml, nearest above "
        "the files, up to the Git checkout)",
    )
    command.add_argument("--no-project", action="store_true", help="use no project file")


def add_color(command: argparse.ArgumentParser) -> None:
    """Add whether there are colors."""
    command.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="use colors; auto: on a terminal, unless NO_COLOR is set",
    )


def add_output(command: argparse.ArgumentParser, help_format: str = "readable text, or JSON for tools") -> None:
    """Add how data is shown."""
    command.add_argument("--format", choices=("text", "json"), default="text", help=help_format)
    add_color(command)
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)


def add_display(command: argparse.ArgumentParser) -> None:
    """Add how problems are shown."""
    command.add_argument(
        "--format",
        choices=FORMATS,
        type=_format,
        default=os.environ.get(FORMAT_VARIABLE) or "text",
        help=f"the format of problems (default: ${FORMAT_VARIABLE}, or text)",
    )
    add_color(command)
    command.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)


def add_stdin_filename(command: argparse.ArgumentParser) -> None:
    """Add the name of what comes from standard input."""
    command.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>", help="the file name that messages show for `-`"
    )


def add_output_file(command: argparse.ArgumentParser) -> None:
    """Add the file for a report."""
    command.add_argument(
        "--output-file",
        metavar="FILE",
        default="",
        help="write the problems in the chosen format to a file, and print them as text",
    )


def _format(word: str) -> str:
    """A format. argparse does not judge a default, so that of the environment is judged here."""
    if word not in FORMATS and word == os.environ.get(FORMAT_VARIABLE):
        choices = ", ".join(FORMATS)
        raise argparse.ArgumentTypeError(f"{FORMAT_VARIABLE}: invalid choice: '{word}' (choose from {choices})")
    return word
