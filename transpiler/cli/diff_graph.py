"""`transpile diff --graph FILE`: both versions of a pipeline in one picture, beside the changes in words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from transpiler.catalog.files import git_root
from transpiler.cli.output import deliver
from transpiler.cli.pictures import Target, draw, form_of, made
from transpiler.cli.sides import Side
from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.report.safe import safe
from transpiler.views.pipelines.compare import Comparison


def draw_both(compared: Sequence[Comparison], old: Side, new: Side, given: argparse.Namespace) -> None:
    """Draw what differs; without a difference nothing is written. Raises UsageError."""
    target = Target(given.graph, form_of(given.graph, option="--graph"))
    changed = [each for each in compared if each.changes and each.graph is not None]
    if not changed:
        tell("nothing to draw: no pipeline differs")
        return
    if not old.is_folder and len(changed) > 1 and not target.is_markdown:
        tell(f"note: the picture is of {changed[0].label}; --env draws an environment")
        del changed[1:]
    text = _text(changed, target)
    files = [path for each in compared for path in each.files]
    inputs = [*files, *(side.path for side in (old, new) if not side.is_folder)]
    name = changed[0].graph.name if changed[0].graph is not None else ""
    picture = made(text, name, target.form, new.options.root or git_root(Path.cwd()), inputs, option="--graph")
    done = deliver(picture, argparse.Namespace(output=given.graph, force=given.force))
    if done and not given.quiet:
        tell(done)


def _text(changed: Sequence[Comparison], target: Target) -> str:
    """The picture of one pipeline; Mermaid in Markdown can hold several. Raises UsageError for others."""
    if len(changed) == 1 and changed[0].graph is not None:
        return draw(changed[0].graph, target).text
    if not target.is_markdown:
        hint = "name one manifest, or a file that ends in `.md`, which has a picture of each"
        raise UsageError(f"--graph: {len(changed)} pipelines differ, and a picture shows one\n  hint: {hint}")
    parts = [(each.label, draw(each.graph, target).text) for each in changed if each.graph is not None]
    head, *_ = parts[0][1].partition("\n")
    return f"{head}\n" + "".join(f"\n## {safe(label)}\n{text.partition(chr(10))[2]}" for label, text in parts)
