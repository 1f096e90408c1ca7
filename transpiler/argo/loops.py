"""The fields by which a task of Argo's runs for each item of something."""

from typing import Final

LOOPS: Final = ("withItems", "withParam", "withSequence")
