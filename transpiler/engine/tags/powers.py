"""Powers of floats with the roundings of Go's math.Pow, which differ from those of C in the last digit."""

from __future__ import annotations

import math


def power(base: float, exponent: float) -> float:
    """`base ** exponent` by the rules of IEEE 754 for what is no number, infinite or zero."""
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if math.isnan(base) or math.isnan(exponent):
        return math.nan
    if base == 0 or math.isinf(base) or math.isinf(exponent):
        return _at_the_ends(base, exponent)
    if abs(exponent) == 0.5:
        root = math.sqrt(base) if base >= 0 else math.nan
        return root if exponent > 0 else 1 / root
    return _power(base, exponent)


def _at_the_ends(base: float, exponent: float) -> float:
    """Of zero or infinity, or to an infinite power: C and Go agree, Python raises some."""
    if base == 0 and exponent < 0:
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf
    return math.pow(base, exponent)


def _power(base: float, exponent: float) -> float:
    fraction, whole = math.modf(abs(exponent))
    if fraction and base < 0:
        return math.nan
    if whole >= 1 << 63:
        return 1.0 if base == -1 else 0.0 if (abs(base) < 1) == (exponent > 0) else math.inf
    mantissa, shift = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction, whole = fraction - 1, whole + 1
        mantissa = math.exp(fraction * math.log(base))
    mantissa, shift = _squared(base, int(whole), mantissa, shift)
    if exponent < 0:
        mantissa, shift = 1 / mantissa, -shift
    try:
        return math.ldexp(mantissa, shift)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def _squared(base: float, whole: int, mantissa: float, shift: int) -> tuple[float, int]:
    """A product times a whole power, as a mantissa and a power of two: by repeated squaring."""
    part, part_shift = math.frexp(base)
    while whole:
        if abs(part_shift) > 1 << 12:
            return mantissa, shift + part_shift
        if whole & 1:
            mantissa, shift = mantissa * part, shift + part_shift
        part, part_shift = part * part, part_shift * 2
        if part < 0.5:
            part, part_shift = part + part, part_shift - 1
        whole >>= 1
    return mantissa, shift
