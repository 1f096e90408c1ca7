"""Names of time zones that people use, and the names that Argo reads (IANA's)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from transpiler.suggest import suggestion

_ABBREVIATIONS: Final = {
    **dict.fromkeys(("CET", "CEST", "MEZ", "MESZ"), "Europe/Berlin"),
    **dict.fromkeys(("WEST", "BST"), "Europe/London"),
    **dict.fromkeys(("EEST",), "Europe/Helsinki"),
    **dict.fromkeys(("MSK",), "Europe/Moscow"),
    **dict.fromkeys(("ET", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("BRT",), "America/Sao_Paulo"),
    **dict.fromkeys(("IST",), "Asia/Kolkata"),
    **dict.fromkeys(("SGT",), "Asia/Singapore"),
    **dict.fromkeys(("JST",), "Asia/Tokyo"),
    **dict.fromkeys(("KST",), "Asia/Seoul"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
}
"""An abbreviation → a zone where it is used, with its summer time; others may be meant."""


def zone_hint(written: str, zones: Collection[str]) -> str:
    """What to write instead of a text that is none of the zones."""
    word = written.strip()
    place = next((zone for zone in zones if zone.rpartition("/")[2].lower() == word.replace(" ", "_").lower()), "")
    if word.upper() in _ABBREVIATIONS:
        return f"write the zone of a city, such as {_ABBREVIATIONS[word.upper()]}: `{word}` is not an IANA name"
    if place:
        return f"write {place}"
    return _offset(word, zones) or suggestion(word, zones, "") or "write an IANA name, such as Europe/Berlin"


def _offset(word: str, zones: Collection[str]) -> str:
    """A fixed distance from UTC; the sign in IANA's names is the other one."""
    found = re.fullmatch(r"(?:UTC|GMT)?([+-])0?(\d{1,2})(?::?00)?", word, re.IGNORECASE)
    name = f"Etc/GMT{'-' if found[1] == '+' else '+'}{found[2]}" if found is not None else ""
    return f"write {name}, which is {word}, or the zone of a city, such as Europe/Berlin" if name in zones else ""
