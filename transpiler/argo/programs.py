"""The words of a command line that are programs themselves, such as the argument of `sh -c`.

Options precede the script or program that an interpreter runs. Later words belong to the script: the `-e` of
`bash ./load.sh -e x` is an option of the script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from transpiler.patterns import regex

Words = Sequence[str | None]
"""A command line; None for a word known only in the run."""


class _Wrapper(Struct, frozen=True):
    """A program that runs the command after its own words."""

    takes: frozenset[str] = frozenset()
    """Options that the next word belongs to."""
    before: int = 0
    """The number of its own words before the command."""


_WRAPPERS: Final = {
    "env": _Wrapper(frozenset(["-u", "-C", "--unset", "--chdir"])),
    "sudo": _Wrapper(frozenset(["-u", "-g", "-h", "-p", "-C", "-D", "-r", "-t", "-U"])),
    "xargs": _Wrapper(frozenset(["-n", "-P", "-I", "-L", "-d", "-s", "-a", "-E"])),
    "nice": _Wrapper(frozenset(["-n"])),
    "time": _Wrapper(frozenset(["-f", "-o"])),
    "timeout": _Wrapper(frozenset(["-k", "-s"]), before=1),
    "stdbuf": _Wrapper(frozenset(["-i", "-o", "-e"])),
    "ionice": _Wrapper(frozenset(["-c", "-n"])),
    "dumb-init": _Wrapper(frozenset(["-r"])),
    "tini": _Wrapper(frozenset(["-p", "-e"])),
    "flock": _Wrapper(frozenset(["-w", "-E"]), before=1),
    **{name: _Wrapper() for name in ("nohup", "setsid", "exec", "busybox", "catatonit")},
    **{name: _Wrapper(before=1) for name in ("gosu", "su-exec", "chroot")},
}
_SHELL: Final = regex(r"(ba|da|a|z|k|mk)?sh")
_ASSIGNMENT: Final = regex(r"[A-Za-z_]\w*=.*", re.DOTALL)


def programs(words: Words) -> list[int]:
    """The places of the words that are run as programs."""
    at = 0
    while at < len(words):
        word = words[at]
        name = word.rsplit("/", 1)[-1] if word else ""
        found = _reader(name)
        if found is not None:
            return found(words, at + 1)
        if name not in _WRAPPERS:
            return []
        at = _behind(words, at + 1, _WRAPPERS[name])
    return []


def _behind(words: Words, at: int, wrapper: _Wrapper) -> int:
    """Where the command of a wrapper starts."""
    own = wrapper.before
    while at < len(words):
        word = words[at] or ""
        if word == "--":
            return at + 1 + own
        if word.startswith("-"):
            at += 2 if word in wrapper.takes else 1
        elif _ASSIGNMENT.fullmatch(word):
            at += 1
        elif own:
            own, at = own - 1, at + 1
        else:
            return at
    return at


def is_shell(program: str) -> bool:
    """True for the name or path of a shell."""
    return _SHELL.fullmatch(program.rpartition("/")[2]) is not None


def _reader(name: str) -> Callable[[Words, int], list[int]] | None:
    """The reader for the words after an interpreter; None for another program."""
    if is_shell(name):
        return _shell
    if re.fullmatch(r"su|runuser", name):
        return _user
    plain = re.sub(r"[\d.]+$", "", name)
    options = _INTERPRETERS.get(plain)
    return None if options is None else lambda words, at: _interpreter(words, at, options)


def _shell(words: Words, at: int) -> list[int]:
    """A shell runs the first word after its options: as a program with `-c`, otherwise as the name of a script."""
    is_program = False
    while at < len(words):
        word = words[at]
        if word is None or word[:1] not in {"-", "+"} or len(word) == 1:
            break
        at += 1
        if word == "--":
            break
        if word.startswith("--"):
            at += word in {"--rcfile", "--init-file"}
        else:
            is_program = is_program or (word[0] == "-" and "c" in word)
            at += word[-1] in "oO"  # `-o pipefail`
    return [at] if is_program and at < len(words) else []


def _user(words: Words, at: int) -> list[int]:
    """`su USER -c PROGRAM`, in any order."""
    return [place + 1 for place in range(at, len(words) - 1) if words[place] in {"-c", "--command"}][:1]


class _Options(Struct, frozen=True):
    """The options of an interpreter: letters, and words."""

    program: str
    """Options followed by the program, in the same word or the next."""
    takes: str = ""
    """Options that take the next word, unless their value is in the same word."""
    rest: str = ""
    """Options whose value is in the same word."""
    ends: str = ""
    """Options that name the script to run, so that no program follows."""
    long_program: frozenset[str] = frozenset()
    long_takes: frozenset[str] = frozenset()


_INTERPRETERS: Final = {
    "python": _Options("c", takes="WX", ends="m", long_takes=frozenset(["--check-hash-based-pycs"])),
    "pypy": _Options("c", takes="WX", ends="m"),
    "perl": _Options("eE", rest="iIMm0lFxCD"),
    "ruby": _Options("e", takes="rIC", rest="iKTFxW0"),
    "node": _Options(
        "ep",
        takes="rC",
        long_program=frozenset(["--eval", "--print"]),
        long_takes=frozenset(["--require", "--import", "--loader", "--conditions"]),
    ),
    "nodejs": _Options("ep", takes="rC", long_program=frozenset(["--eval", "--print"])),
    "php": _Options("rBR", takes="cdz", ends="f", long_program=frozenset(["--run"])),
    "Rscript": _Options("e"),
    "lua": _Options("e", takes="l"),
}


def _interpreter(words: Words, at: int, options: _Options) -> list[int]:
    """The programs among the options of an interpreter; the first other word is a script, followed by its arguments."""
    found: list[int] = []
    while at < len(words):
        word = words[at]
        if word is None or not word.startswith("-") or word in {"-", "--"}:
            return found
        if word.startswith("--"):
            name, equals, _ = word.partition("=")
            found += [at if equals else at + 1] if name in options.long_program else []
            at += 1 if equals or name not in options.long_program | options.long_takes else 2
            continue
        program, ends, width = _letters(word, options)
        found += [at + width - 1] if program else []
        at = len(words) if ends else at + width
        if program and options.program == "c":
            break  # all that follows belongs to the program
    return [each for each in found if each < len(words)]


def _letters(word: str, options: _Options) -> tuple[bool, bool, int]:
    """What a word of letters says: whether a program stands in it or behind it, nothing more, and how many words."""
    for place, letter in enumerate(word[1:], 2):
        if letter in options.ends:
            return False, True, 1
        if letter in options.program:
            is_joined = place < len(word) and word[place] not in options.program  # `-pe` of node
            return True, False, 1 if is_joined else 2
        if letter in options.takes:
            return False, False, 1 if place < len(word) else 2
        if letter in options.rest:
            continue_at = word[place:]
            has_program = letter in "0l" and any(each in options.program for each in continue_at)
            if not has_program:
                return False, False, 1
    return False, False, 1
