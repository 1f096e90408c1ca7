"""Every layout: what may never overlap, what must be inside of what, and that nothing depends on chance."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.layout.drawings import assert_sound, drawings, foldings
from tests.support.examples import examples
from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.shapes import Drawing

thorough = settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(drawings(), st.randoms(use_true_random=False))
def test_nothing_overlaps_however_it_is_folded(drawing: Drawing, chance: Random) -> None:
    arrangement = arranged(drawing, "down")
    assert_sound(drawing, placed(arrangement))
    bundles = arrangement.bundle_names()
    folding = foldings(drawing, bundles, chance)
    placement = placed(arrangement, **folding)
    assert_sound(drawing, placement, {name: bundles[name] for name in folding["bundled"]})
    assert not folding["hidden"] - set(folding["bundled"]) & set(placement.boxes)
