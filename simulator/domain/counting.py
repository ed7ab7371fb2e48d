"""So many of a thing, as people say it."""

from __future__ import annotations

from typing import Final

_VOWELS: Final = "aeiou"


def format_count(number: int, noun: str) -> str:
    """`1 attempt`, `2,048 attempts`, `3 deliveries`."""
    return f"{number:,} {noun if number == 1 else _many(noun)}"


def _many(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in _VOWELS else f"{noun}s"
