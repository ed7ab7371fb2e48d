"""The customer's words of a scenario, made whole: a template that was left out, and the receiver's address.

In: what was written, and the profile. Out: words that `Profile.define` takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.domain.provider import Profile

RECEIVER = "{receiver}"
ADDRESSES = ("url_template", "url")

CustomerWords = Mapping[str, Any]


def complete(profile: Profile, said: CustomerWords) -> dict[str, Any]:
    """Where no address was given, the event's suggested path and query on the receiver."""
    event = event_of(said)
    if event in profile.catalogue:
        return {**profile.suggest(event, RECEIVER), **said}
    suggested = profile.suggest(next(iter(profile.catalogue)), RECEIVER)
    return {**{key: suggested[key] for key in ADDRESSES if key in suggested}, **said}


def on_receiver(words: CustomerWords, receiver: str) -> dict[str, Any]:
    """The words with the receiver's base URL in place of `{receiver}`."""
    base = receiver.rstrip("/")
    return {
        key: value.replace(RECEIVER, base) if key in ADDRESSES and isinstance(value, str) else value
        for key, value in words.items()
    }


def event_of(said: CustomerWords) -> str:
    """The event these words ask for, the first where they ask for several, empty where for none."""
    several = said.get("events") or [""]
    return said.get("event") or str(several[0])
