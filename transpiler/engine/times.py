"""Times and durations as Argo reads and writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from transpiler.engine.errors import CallError
from transpiler.patterns import regex

_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART: Final = regex(r"([0-9]*\.?[0-9]+|[0-9]+\.)(ns|us|µs|μs|ms|s|m|h)")
_WHOLE: Final = regex(r"([-+]?)((?:(?:[0-9]*\.?[0-9]+|[0-9]+\.)(?:ns|us|µs|μs|ms|s|m|h))+|0)")
_FORMATS: Final = {
    "B": "%B",
    "b": "%b",
    "m": "%m",
    "A": "%A",
    "a": "%a",
    "d": "%d",
    "H": "%H",
    "I": "%I",
    "M": "%M",
    "S": "%S",
    "Y": "%Y",
    "y": "%y",
    "p": "%p",
}
_ENGLISH: Final = {
    "B": "January February March April May June July August September October November December".split(),
    "A": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


def rfc3339(at: float) -> str:
    """A time as Kubernetes writes it: whole seconds, in UTC."""
    return f"{datetime.fromtimestamp(int(at), UTC).replace(tzinfo=None).isoformat()}Z"


def in_go(at: float) -> str:
    """A time as Go prints it: whole seconds, in UTC."""
    return rfc3339(at).replace("T", " ").replace("Z", " +0000 UTC")


def created_variables(at: float) -> dict[str, str]:
    """`workflow.creationTimestamp`, and its parts by the letters of strftime, in English whatever the system speaks."""
    name, moment = "workflow.creationTimestamp", datetime.fromtimestamp(int(at), UTC)
    month, day = _ENGLISH["B"][moment.month - 1], _ENGLISH["A"][moment.weekday()]
    words = {"B": month, "b": month[:3], "A": day, "a": day[:3], "p": "AM" if moment.hour < 12 else "PM"}
    parts = {letter: words.get(letter) or moment.strftime(form) for letter, form in _FORMATS.items()}
    parts |= {"Y": f"{moment.year:04d}"}
    parts |= {"Z": "UTC", "z": "+0000", "L": ".000", "s": str(int(at)), "RFC3339": rfc3339(at)}
    return {name: rfc3339(at), **{f"{name}.{letter}": text for letter, text in parts.items()}}


def duration(text: str) -> float:
    """Seconds of `90`, `1h30m` and the like. Raises CallError."""
    try:
        return float(int(text))
    except ValueError:
        return go_duration(text)


def go_duration(text: str) -> float:
    """Seconds of `1h30m`; a number alone is none. Raises CallError."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise CallError(f'unable to parse {text} as a duration: time: invalid duration "{text}"')
    total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(found[2]))
    return -total if found[1] == "-" else total
