"""Subscriptions said again in the customer's words: without secrets, and on whatever receiver there will be.

In: definitions. Out: words as a scenario takes them. A secret becomes a placeholder, the same for the same secret; the
address of the embedded receiver, which has another port each time, becomes `{receiver}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from simulator.domain.subscription import Definition, Subscription
from simulator.scenario.kept.session import Session
from simulator.scenario.wording import RECEIVER

Words = dict[str, Any]

PLACEHOLDER = "change-me"
DEFAULT_RECEIVER = "robust"
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


class Speaker:
    """Says the definitions of one session. `secrets` counts those that were left out."""

    def __init__(self, session: Session) -> None:
        self._session = session
        fields = session.profile.form.fields if session.profile.form else ()
        self._secret = {one.name for one in fields if one.kind == "secret"}
        self._headers = {one.name for one in fields if one.kind == "headers"}
        self._address = session.profile.address_field
        self._bases = _bases(session)
        self._placeholders: dict[str, str] = {}

    @property
    def secrets(self) -> int:
        return len(self._placeholders)

    def receiver(self, session: Session) -> str:
        """What a run needs as its receiver: an embedded kind, or just where the first subscription sends to."""
        if self._bases:
            return str(session.facts["receiver_kind"])
        for revision in session.revisions:
            split = urlsplit(revision.definition.url_template)
            return f"{split.scheme}://{split.netloc}"
        return DEFAULT_RECEIVER

    def say(self, definition: Definition) -> Words:
        """The whole definition; what would be so without a word is left out."""
        usual: Words = {"enabled": True, "filters": [], "headers": {}}
        words = self._whole(definition)
        return {key: value for key, value in words.items() if key not in usual or value != usual[key]}

    def change(self, former: Definition, latter: Definition) -> Words:
        """What makes the latter out of the former. A field that is gone is said to be empty."""
        before, after = self._whole(former), self._whole(latter)
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        return changed | {key: "" for key in before if key not in after}

    def address(self, definition: Definition) -> Words:
        """The address alone: said once more it changes nothing."""
        return {key: value for key, value in self._whole(definition).items() if key == self._address}

    def _whole(self, definition: Definition) -> Words:
        return {key: self._said(key, value) for key, value in self._session.spell(definition).items()}

    def _said(self, key: str, value: Any) -> Any:
        if key in self._secret:
            return self._placeholder(value)
        if key in self._headers:
            return {name: self._placeholder(secret) for name, secret in value.items()}
        return self._on_receiver(value) if key == self._address else value

    def _placeholder(self, secret: str) -> str:
        number = len(self._placeholders) + 1
        return self._placeholders.setdefault(secret, PLACEHOLDER if number == 1 else f"{PLACEHOLDER}-{number}")

    def _on_receiver(self, address: str) -> str:
        for base in self._bases:
            if address == base or address.startswith((f"{base}/", f"{base}?")):
                return RECEIVER + address.removeprefix(base)
        return address


def hosts_of(revisions: Iterable[Subscription]) -> list[str]:
    """The hosts outside this machine that a run would send to: they must be allowed by name."""
    hosts = (urlsplit(one.definition.url_template).hostname or "" for one in revisions)
    return sorted({host for host in hosts if host not in _HERE})


def _bases(session: Session) -> tuple[str, ...]:
    """Where the embedded receiver was, last and formerly: its subscriptions followed it from port to port."""
    last = session.facts.get("receiver")
    if not last or session.facts.get("receiver_kind") is None:
        return ()
    bases = [last]
    for history in session.histories.values():
        for former, latter in reversed([*pairwise(history)]):
            bases += _former_base(former.definition.url_template, latter.definition.url_template, bases)
    return tuple(dict.fromkeys(bases))


def _former_base(former: str, latter: str, bases: Iterable[str]) -> list[str]:
    """The base that a template had before it moved to one of these with all else unchanged."""
    rests = [latter.removeprefix(base) for base in bases if latter.startswith(base)]
    return [base for base in (former.removesuffix(rest) for rest in rests if former.endswith(rest)) if _is_bare(base)]


def _is_bare(address: str) -> bool:
    """Whether it is a port of this machine, and nothing behind it."""
    split = urlsplit(address)
    return split.hostname == "127.0.0.1" and address == f"{split.scheme}://{split.netloc}"
