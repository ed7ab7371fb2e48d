"""How often something occurs, as text: `40/h`."""

from __future__ import annotations

import re

from simulator.domain.instant import UNITS

_RATE = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?\s*/\s*(s|m|h|d)", re.ASCII)
_MILLION = 1_000_000


def parse_rate(text: str) -> int:
    """`40/h` as the virtual microseconds between two.

    Raises ValueError with a sentence that says what is allowed.
    """
    match = _RATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f'"{text}" is not a rate; write it as 40/h, 2/m, 0.5/s or 10/d')
    whole, fraction, unit = match.groups()
    millionths = int(whole) * _MILLION + int((fraction or "0").ljust(6, "0"))
    if not millionths:
        raise ValueError(f'"{text}" never comes; write it as 40/h, or leave it out')
    return max(1, UNITS[unit] * _MILLION // millionths)
