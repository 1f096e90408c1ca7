"""The tasks of a program by their paths, as graphs and runs name them: `train`, `prepare/clean`, `train.exit`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from transpiler.bindings.written_tasks import is_around_a_task
from transpiler.model.depends import Depends
from transpiler.model.expressions.tree import Expression
from transpiler.rehearsal.model import Item, TaskPath
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope
from transpiler.runs.places import ENTRIES, HOOKS, ON_EXIT, Path
from transpiler.suggest import suggestion


class PathError(ValueError):
    """A path that no task has. `code` is that of a diagnostic."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Found(Struct, frozen=True):
    """A task in one place of the pipeline."""

    path: Path
    call: Call
    """The call of the task itself, whatever is put around it."""
    loops: tuple[bool, ...]
    """For each name of the path, whether it has a loop."""
    scope: Scope | None
    """The tasks in it."""
    when: Expression | None = None
    depends: Depends | None = None
    """As it was written; None for the hook of a task."""

    def item(self, asked: TaskPath) -> tuple[Item | None, ...]:
        """For each loop around the task, and its own, the item that is meant."""
        return tuple(item for item, has_loop in zip(asked.items, self.loops, strict=True) if has_loop)


class Tasks:
    """Finds tasks. Sub-pipelines are opened as far as somebody asks."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[Path, Found] = {}

    def find(self, asked: TaskPath) -> Found:
        """The task of a path. Raises PathError."""
        found: Found | None = None
        names, items = list(asked.names), list(asked.items)
        path: Path = ()
        if names[0].startswith("@"):
            path = (names[0],)
            known = [section for section, scopes in self._sections().items() if scopes]
            if names[0] not in known:
                raise _unknown(path, known)
        for end in range(len(path), len(names)):
            path = (*path, names[end])
            found = self._at(path, found)
            if items[end] is not None and not found.loops[end]:
                hint = f"write `{names[end]}`"
                raise PathError("wrong-value", f"`{names[end]}` has no `forEach`, so it has no items", hint)
        if found is None:
            inside = next(iter(self._names(path, None)), "report")
            raise PathError("unknown-task", f"`{names[0]}` is no task", f"name a task in it: `{names[0]}/{inside}`")
        return found

    def at(self, path: Path) -> Found:
        """The task of a path that is there. Raises PathError."""
        return self.find(TaskPath(path, (None,) * len(path)))

    def _at(self, path: Path, around: Found | None) -> Found:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._search(path, around)
        return known

    def _search(self, path: Path, around: Found | None) -> Found:
        *above, name = path
        for scope in self._scopes(tuple(above), around):
            found = _in(scope, name)
            if found is not None:
                call, when, depends = found
                loops = (*(around.loops if around is not None else (False,) * len(above)), _has_loop(call))
                inner = _innermost(call)
                return Found(path, inner, loops, inner.scope, when, depends)
        names = [*self._names(tuple(above), around)]
        if not above:
            sections = [section for section, scopes in self._sections().items() if scopes]
            names += [f"{section}/{each}" for section in sections for each in self._names((section,), None)]
        raise _unknown(path, names)

    def _scopes(self, above: Path, around: Found | None) -> list[Scope]:
        if around is not None:
            return [around.scope] if around.scope is not None else []
        return self._sections().get(above[0], []) if above else [self._program.tasks]

    def _sections(self) -> dict[str, list[Scope]]:
        program = self._program
        return {
            ON_EXIT: [program.on_exit] if program.on_exit is not None else [],
            HOOKS: [hook.scope for hook in program.hooks],
            ENTRIES: [program.entries] if program.entries is not None else [],
        }

    def _names(self, above: Path, around: Found | None) -> Iterator[str]:
        for scope in self._scopes(above, around):
            for name, call in scope.calls.items():
                yield name
                yield from (f"{name}.{hook.name}" for hook in call.hooks)

    def all(self, most: int) -> Iterator[Found]:
        """Every task but those that run only because another one starts itself again; at most so many."""
        tops: list[Path] = [()]
        tops += [(section,) for section, scopes in self._sections().items() if scopes]
        waiting: list[tuple[Path, Found | None, tuple[int, ...]]] = [(top, None, ()) for top in tops]
        count = 0
        while waiting and count < most:
            above, around, opened = waiting.pop(0)
            for name in self._names(above, around):
                found = self._at((*above, name), around)
                count += 1
                yield found
                if found.scope is not None and id(found.scope) not in opened:
                    waiting.append((found.path, found, (*opened, id(found.scope))))

    def names_in(self, found: Found) -> list[str]:
        """The paths of the tasks in a task."""
        return ["/".join((*found.path, name)) for name in self._names(found.path, found)]


def _in(scope: Scope, name: str) -> tuple[Call, Expression | None, Depends | None] | None:
    """A task, or a hook of one, and its conditions."""
    call = scope.calls.get(name)
    if call is not None:
        inner = _innermost(call).task
        return call, inner.when or call.task.when, call.task.depends or inner.depends
    task, _, hook = name.rpartition(".")
    owner = scope.calls.get(task)
    return next(((each.call, each.when, None) for each in owner.hooks if each.name == hook), None) if owner else None


def _innermost(call: Call) -> Call:
    while call.scope is not None and is_around_a_task(call):
        inner = call.scope.calls.get(call.task.name) or next(iter(call.scope.calls.values()), None)
        if inner is None:
            break
        call = inner
    return call


def _has_loop(call: Call) -> bool:
    return call.task.loop is not None or call.limited is not None or _innermost(call).task.loop is not None


def _unknown(path: Path, names: list[str]) -> PathError:
    *above, name = path
    home = f" in `{'/'.join(above)}`" if above else ""
    return PathError("unknown-task", f"there is no task `{name}`{home}", suggestion(name, names, "tasks"))


def parse(written: str) -> TaskPath:
    """A path as the file has it. Raises PathError for one that cannot be read."""
    names: list[str] = []
    items: list[Item | None] = []
    rest = written
    while True:
        end = next((at for at, each in enumerate(rest) if each in "/["), len(rest))
        name, rest = rest[:end], rest[end:]
        item = None
        if rest.startswith("["):
            text, rest = _bracketed(rest, written)
            item = _item(text)
        if not name or (rest and not rest.startswith("/")):
            raise PathError("wrong-value", f"`{written}` is no path of a task", "write it like `prepare/clean[0]`")
        names.append(name)
        items.append(item)
        if not rest:
            return TaskPath(tuple(names), tuple(items))
        rest = rest[1:]


def _bracketed(rest: str, written: str) -> tuple[str, str]:
    """The text in a bracket at the start, and what follows it. A quoted text may have brackets."""
    quote = rest[1:2] if rest[1:2] in {'"', "'"} else ""
    end = rest.find(f"{quote}]", 2 if quote else 1)
    if end < 0:
        hint = 'close the bracket: `fit[0]`, `fit[a]`, or `fit["a]b"]`'
        raise PathError("wrong-value", f"`{written}` does not say which item", hint)
    return rest[1 : end + len(quote)], rest[end + len(quote) + 1 :]


def _item(text: str) -> Item:
    if len(text) >= 2 and text[0] in {'"', "'"}:
        return Item(text=text[1:-1])
    return Item(int(text)) if text.isascii() and text.isdigit() and len(text) <= 9 else Item(text=text)
