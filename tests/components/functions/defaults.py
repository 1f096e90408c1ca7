# Defaults of every type.
from typing import Dict, List, Optional


def all_defaults(
    a: int = 7,
    b: float = 0.1,
    c: str = "text",
    d: bool = True,
    e: list = [1, "two", {"three": None}],
    f: dict = {"z": -1, "a": [1.5]},
) -> str:
    return repr((a, b, c, d, e, f))


def signs(low: int = -5, high: float = +1e-5, far: float = -1_000.5, mask: int = 0xFF) -> str:
    return repr((low, high, far, mask))


def texts(
    empty: str = "", quoted: str = 'it\'s "quoted"', lines: str = "one\ntwo\n", braces: str = "{{ user }}"
) -> str:
    return repr((empty, quoted, lines, braces))


def words(yes: str = "yes", number: str = "1e3", null: str = "null", colon: str = "a: b", tilde: str = "~") -> str:
    return "|".join((yes, number, null, colon, tilde))


def tab(separator: str = "\t", joined: str = "ab", raw: str = r"\d+") -> list:
    return [separator, joined, raw]


def own(address: "URI" = "s3://bucket/key", table: {"GCSPath": {"data_type": "CSV"}} = "gs://x") -> str:
    return address + table


def integer_for_float(rate: float = 1) -> float:
    return rate


def generic(sizes: List[int] = [3, 4], names: Dict[str, str] = {"a": "b"}) -> dict:
    return {"sizes": sizes, "names": names}


def none_of_all(
    a: int = None, b: Optional[float] = None, c: Optional[str] = None, d: bool = None, e: list = None, f: dict = None
) -> str:
    return repr((a, b, c, d, e, f))


def optional_with_default(limit: Optional[int] = 3, name: Optional[str] = "x") -> str:
    return f"{limit} {name}"


def union(limit: int | None = None, name: str | None = "x") -> str:
    return f"{limit} {name}"


def after_defaults(a: int, b: int = 2, *, c: int, d: Optional[int] = None) -> str:
    return f"{a} {b} {c} {d}"


RUNS = {
    "all_defaults": [
        {},
        {"a": "1", "b": "2", "c": "", "d": "False", "e": "[]", "f": "{}"},
        {"d": "0", "f": '{"ü": "\\u00fc"}'},
    ],
    "signs": [{}, {"low": "-7"}],
    "texts": [{}, {"empty": "no", "lines": "\n"}],
    "words": [{}],
    "tab": [{}],
    "own": [{}, {"address": "x"}],
    "integer_for_float": [{}, {"rate": "2"}],
    "generic": [{}, {"sizes": "[]"}],
    "none_of_all": [{}, {"a": "1", "c": ""}, {"b": "0.5", "d": "true", "e": "[1]", "f": "{}"}],
    "optional_with_default": [{}, {"limit": "4", "name": "y"}],
    "union": [{}, {"limit": "4"}],
    "after_defaults": [{"a": "1", "c": "3"}, {"a": "1", "b": "5", "c": "3", "d": "4"}],
}
