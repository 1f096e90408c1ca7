"""Types of one's own whose values are texts: the addresses of what is stored elsewhere, and names that clouds give.

The components of KFP's public catalog pass these by value. A name of one's own such as `CSV` is a type of files.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = frozenset("GCSPath GCRPath GCPProjectID GCPRegion S3Path HDFSPath LocalPath uri url".split())
"""Those of KFP's own types that are texts, and their like for other stores."""
_ENDINGS: Final = ("URI", "Uri", "URL", "Url")


def is_text_type(name: str) -> bool:
    """True for `String`, `GCSPath` and the like, and for every name that ends in URI or URL, such as `ModelUri`."""
    return name == "String" or name in _NAMES or name.endswith(_ENDINGS)
