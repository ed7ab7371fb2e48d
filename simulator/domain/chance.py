"""Seeded chance without state: the same seed and the same names give the same draw, in any order of asking."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID


def draw(seed: int, *names: str | int) -> float:
    """A number in [0, 1) that belongs to these names."""
    return (int.from_bytes(_digest(seed, names)[:7]) >> 3) / (1 << 53)  # 53 bits: more would round up to 1


def pick(seed: int, bound: int, *names: str | int) -> int:
    """A whole number in [0, bound) that belongs to these names."""
    return int.from_bytes(_digest(seed, names)[:8]) % bound


def seeded_uuid(seed: int, *names: str | int) -> str:
    """A UUID (in the form of version 4) that belongs to these names (S6)."""
    return str(UUID(bytes=_digest(seed, names), version=4))


def _digest(seed: int, names: tuple[str | int, ...]) -> bytes:
    return blake2b(repr((seed, names)).encode(), digest_size=16).digest()
