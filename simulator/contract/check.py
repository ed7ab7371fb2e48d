"""A check: what it enforces, what it needs, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from simulator.contract.bench import Bench
from simulator.contract.finding import Finding
from simulator.domain.provider import Profile

Run = Callable[[Bench], Awaitable[Finding]]
Need = Literal["credentials", "probe", "repeat probe"]
Applies = Callable[[Profile], str]


def to_every_provider(_: Profile) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Check:
    """`clause` is the number and the sentence that is enforced; `advice` is what to do where it fails.

    `after` names checks that this one rests on: where one of them failed, this one could say nothing of its own.
    `applies` gives the reason why it does not apply to a provider, or the empty text. `on_usable`: it varies events
    that are taken in their plain form, and needs one.
    """

    id: str
    clause: str
    advice: str
    run: Run
    needs: tuple[Need, ...] = ()
    after: tuple[str, ...] = ()
    applies: Applies = to_every_provider
    on_usable: bool = True


def retries(profile: Profile) -> str:
    """For checks of what a retry does."""
    return "" if profile.ladder_seconds else f"{profile.name} never retries"


def resends(profile: Profile) -> str:
    """For checks of what an operator's resend does."""
    return "" if profile.resend_days else f"{profile.name} never resends"


def disables(profile: Profile) -> str:
    """For checks of what follows an auto-disable."""
    return resends(profile) if profile.disable else f"{profile.name} never disables a subscription by itself"
