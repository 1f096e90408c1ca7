from typing import List, Optional

Rows = List[int]
Maybe = Optional[Rows]
First = Second
Second = First  # ! wrong-annotation
Frozen = frozenset  # ! wrong-annotation


def function(fine: Maybe, round: First, wrong: Optional[Frozen]) -> Maybe:  # ! wrong-annotation
    return fine
