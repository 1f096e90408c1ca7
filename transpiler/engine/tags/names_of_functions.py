"""The names of the functions that expr-lang has built in (builtin/builtin.go of expr v1.17)."""

from __future__ import annotations

from typing import Final

PREDICATES: Final = {
    "all": "ep", "none": "ep", "any": "ep", "one": "ep", "filter": "ep", "map": "ep", "count": "eP", "sum": "eP",
    "find": "ep", "findIndex": "ep", "findLast": "ep", "findLastIndex": "ep", "groupBy": "ep", "sortBy": "epE",
    "reduce": "epE",
}  # fmt: skip
"""Functions that ask something of each element → their arguments; see `_Parser.predicate_arguments`."""
BUILTINS: Final = frozenset(
    "len type abs ceil floor round int float string trim trimPrefix trimSuffix upper lower split splitAfter replace"
    " repeat join indexOf lastIndexOf hasPrefix hasSuffix max min mean median toJSON fromJSON toBase64 fromBase64 now"
    " duration date timezone first last get take keys values toPairs fromPairs reverse uniq concat flatten sort bitand"
    " bitor bitxor bitnand bitshl bitshr bitushr bitnot".split()
)
"""All others."""
