"""What Kubernetes takes as a label or annotation (its documentation, "Labels and Selectors")."""

from __future__ import annotations

import re
from typing import Final

_DNS: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
KEY: Final = re.compile(rf"({_DNS}(\.{_DNS})*/)?[A-Za-z0-9]([-_.A-Za-z0-9]{{0,61}}[A-Za-z0-9])?")
LABEL: Final = re.compile(r"([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?")
"""The value of a label; that of an annotation may be any text."""
LABEL_HINT: Final = "a label value is at most 63 letters, digits, `-`, `_` and `.`"
