"""A check: what it enforces, what it needs, and the function that carries it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from simulator.contract.bench import Bench
from simulator.contract.finding import Finding
from simulator.domain.provider import Profile

Run = Callable[[Bench], Awaitable[Finding]]
Need = Literal["credentials", "probe", "repeat probe", "way to reconcile"]
Applies = Callable[[Profile], str]


def to_every_provider(_: Profile) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Check:
    """`advice` is what to do where it fails; the sentence that is enforced is the provider's (`Profile.sentences`).

    `after` names checks that this one rests on: where one of them failed, this one could say nothing of its own.
    `applies` gives the reason why it does not apply to a provider, or the empty text. `on_usable`: it varies events
    that are taken in their plain form, and needs one.
    """

    id: str
    advice: str
    run: Run
    needs: tuple[Need, ...] = ()
    after: tuple[str, ...] = ()
    applies: Applies = to_every_provider
    on_usable: bool = True

    def clause(self, profile: Profile) -> str:
        """The number and the sentence of the provider that this check enforces, or why it does not apply."""
        return profile.sentences.get(self.id, "")

    def spared(self, profile: Profile) -> str:
        """Why it does not apply to a provider, with the clause; empty where it does."""
        reason, clause = self.applies(profile), self.clause(profile)
        return f"{reason} ({clause})" if reason and clause else reason


def retries(profile: Profile) -> str:
    """For checks of what a retry does."""
    return "" if profile.ladder_seconds else f"{profile.name} never retries"


def resends(profile: Profile) -> str:
    """For checks of what an operator's resend does."""
    return "" if profile.resend_days else f"{profile.name} never resends"


def writes_urls(profile: Profile) -> str:
    """For checks of values that stand in the URL."""
    return "" if profile.values_in == "url" else f"{profile.name} writes no values into the URL"


def posts_bodies(profile: Profile) -> str:
    """For checks of values that stand in the body."""
    return "" if profile.values_in == "body" else f"{profile.name} sends no body"


def adds_events(profile: Profile) -> str:
    """For checks of events that nobody asked for."""
    return "" if profile.unfamiliar else f"{profile.name} sends no event to where another was asked for"


def is_polled(profile: Profile) -> str:
    """For checks of what is to be found by reading objects back alone."""
    if profile.ladder_seconds:
        return f"{profile.name} sends again what was missed"
    return "" if profile.world else f"{profile.name} shows no objects"


def disables(profile: Profile) -> str:
    """For checks of what follows an auto-disable."""
    return resends(profile) if profile.disable else f"{profile.name} never disables a subscription by itself"
