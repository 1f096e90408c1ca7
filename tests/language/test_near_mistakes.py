"""Random mistakes in samples are reported where they are: within a line of the change, and nothing beside it."""

from __future__ import annotations

import pytest

from benchmarks.places import KINDS, REPORTED, mistakes


@pytest.mark.parametrize("kind", KINDS)
def test_mistakes_are_reported_near(kind: str) -> None:
    found = list(mistakes(kind))
    assert len(found) == REPORTED
    assert sum(each.is_of_yaml and not each.is_near for each in found) <= 0.01 * REPORTED
    assert sum(each.is_near for each in found) >= 0.9 * REPORTED  # a name that changed is reported where it is used
    assert sum(len(each.errors) == 1 for each in found) >= 0.9 * REPORTED
