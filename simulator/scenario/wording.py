"""The customer's words of a scenario, made whole: a template that was left out, and the receiver's address.

In: what was written, and the profile. Out: words that `Profile.define` takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.domain.provider import Profile

RECEIVER = "{receiver}"

CustomerWords = Mapping[str, Any]


def complete(profile: Profile, said: CustomerWords) -> dict[str, Any]:
    """Where no address was given, the event's suggested path and query on the receiver."""
    event = _event_of(profile, said)
    if event in profile.catalogue:
        return {**profile.suggest(event, RECEIVER), **said}
    suggested = profile.suggest(next(iter(profile.catalogue)), RECEIVER)
    return {profile.address_field: suggested[profile.address_field], **said}


def on_receiver(profile: Profile, words: CustomerWords, receiver: str) -> dict[str, Any]:
    """The words with the receiver's base URL in place of `{receiver}`, which stands in the address alone."""
    address = words.get(profile.address_field)
    if not isinstance(address, str):
        return dict(words)
    return {**words, profile.address_field: address.replace(RECEIVER, receiver.rstrip("/"))}


def _event_of(profile: Profile, said: CustomerWords) -> str:
    """The event these words ask for, the first where they ask for several, empty where for none."""
    several = said.get(profile.events_field) if profile.events_field else [said.get("event")]
    return str((several or [""])[0])
