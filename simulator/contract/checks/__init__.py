"""The catalogue of checks, in the order in which they are carried out: what a check rests on stands before it."""

from __future__ import annotations

from simulator.contract.check import Check
from simulator.contract.checks import (
    credentials,
    decoding,
    duplicates,
    effects,
    healing,
    order,
    polling,
    reception,
    timing,
    values,
)

CATALOGUE: tuple[Check, ...] = (
    *reception.CHECKS,
    *credentials.CHECKS,
    *values.CHECKS,
    *timing.CHECKS,
    *effects.CHECKS,
    *decoding.CHECKS,
    *duplicates.CHECKS,
    *order.CHECKS,
    *healing.CHECKS,
    *polling.CHECKS,
)
