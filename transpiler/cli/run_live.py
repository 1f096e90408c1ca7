"""The tasks of a run in a table that moves, on a terminal where `rich` is installed: `argo-transpile[progress]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from transpiler.cli.cluster import STYLES
from transpiler.cli.run_board import REUSED, WAITING, Board, Row
from transpiler.cli.run_logs import last_lines
from transpiler.cli.run_progress import Teller
from transpiler.cli.streams import colored
from transpiler.diagnostics import excerpt
from transpiler.local.known_tasks import tasks_of
from transpiler.local.session import Session
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe
from transpiler.runs.recorded import Recorded
from transpiler.runs.times import duration

_COLOURS: Final = {"31": "red", "32": "green", "36": "cyan", "2": "dim"}
_AROUND: Final = 3
"""Lines of a terminal for the sums, and for the cursor."""
_A_SECOND: Final = 5
"""As often the table is drawn."""


def teller_of(given: argparse.Namespace, session: Session) -> Teller:
    """What tells of a run: a table on a terminal where that can be drawn, else lines."""
    is_plain = given.quiet or given.format == "json" or not sys.stdout.isatty() or os.environ.get("TERM") == "dumb"
    if is_plain:
        return Teller(given, session)
    try:
        return LiveTeller(given, session)
    except ImportError:
        return Teller(given, session)


class LiveTeller(Teller):
    """Draws a table. Lines of logs, and all else that is printed, stand above it."""

    def __init__(self, given: argparse.Namespace, session: Session) -> None:
        """Raises ImportError without rich."""
        super().__init__(given, session)
        from rich.console import Console  # noqa: PLC0415 - an extra

        plan = session.plan
        self._board = Board(tasks_of(plan.objects, plan.names), Recorded(plan.names))
        self._began, self._is_stopping, self._has_ended = time.time(), False, False
        is_colored = colored(given.color, sys.stdout)
        self._console: Any = Console(no_color=not is_colored, highlight=False, markup=False, emoji=False)
        self._live = self._table()

    def _table(self) -> Any:
        """A table that is not drawn yet."""
        from rich.live import Live  # noqa: PLC0415

        return Live(
            console=self._console, get_renderable=self._drawn, refresh_per_second=_A_SECOND, vertical_overflow="crop"
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return super().__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            super().__exit__(kind, error, at)
        finally:
            self._has_ended = True
            self._live.stop()

    def goes_on(self, workflow: Node) -> None:
        """The table starts with what was before."""
        self.status(workflow)

    def status(self, workflow: Node) -> None:
        """Take what has changed; why tasks run again stays above the table."""
        self._board.update(workflow, self._kept)
        for step, pods in self._news(workflow):
            self._tell_why(step, pods)

    def stopping(self) -> None:
        """The run was interrupted."""
        self._is_stopping = True

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the table away while somebody answers a question."""
        self._live.transient = True
        self._live.stop()
        try:
            yield
        finally:
            self._live = self._table()
            self._live.start(refresh=True)

    def _drawn(self) -> Any:
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        width, height = self._console.size
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(no_wrap=True, width=9)
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=max(12, width * 2 // 5))
        table.add_column(no_wrap=True, justify="right", width=8)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for row in self._board.rows(max(3, height - _AROUND)):
            style = _COLOURS.get(STYLES.get(row.phase, "2"), "")
            cells = (Text(row.phase, style), Text(safe(row.title)), Text(self._took(row)), Text(self._note(row), "dim"))
            table.add_row(*cells)
        return _Both(table, Text(self._sums(), "bold", no_wrap=True, overflow="ellipsis"))

    def _took(self, row: Row) -> str:
        if row.started:
            began = self.times.started.get(row.pod) or datetime.fromisoformat(row.started).timestamp()
            return duration(max(0, time.time() - began))
        own = self.times.seconds([row.pod]) if row.pod else None
        seconds = own if own is not None and row.seconds is not None else row.seconds
        return duration(seconds) if seconds is not None else ""

    def _note(self, row: Row) -> str:
        """What a task printed last while it runs, then what is said of it."""
        is_told = row.phase == "Running" and row.pod
        said = "".join(last_lines(self._folder.log(row.pod), 1)) if is_told else ""
        kept = f"of {self._kept[row.pod] or self._folder.name}" if row.phase == REUSED and row.pod in self._kept else ""
        return safe(excerpt(self._session.mask(said or row.note or kept), 400))

    def _sums(self) -> str:
        counts = self._board.counts
        ended = sum(count for phase, count in counts.items() if phase not in {WAITING, "Running", "Pending"})
        failed = counts["Failed"] + counts["Error"]
        parts = [f"{ended} of {counts.total()} tasks", *([f"{failed} failed"] if failed else [])]
        parts += [f"{counts['Running']} running"] if counts["Running"] and not self._has_ended else []
        parts.append(duration(time.time() - self._began))
        end = "stopping; Ctrl-C again kills" if self._is_stopping else "Ctrl-C stops it"
        return ", ".join(parts) + ("" if self._has_ended else f"   {end}")


class _Both:
    """A table, and a line below it."""

    def __init__(self, table: Any, line: Any) -> None:
        self._table, self._line = table, line

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        yield self._table
        yield self._line
