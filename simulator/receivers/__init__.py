"""Sample programs under test: what a customer of Aurora Solar, or of AURA, would write to receive its webhooks.

In goes the name of a kind of receiver, out comes its class. These programs stand apart: they see HTTP
requests and their own database, and know nothing of the simulator that sends the requests.

A kind is one small file with one class. A flawed kind subclasses `robust.Receiver`, changes one piece of it,
and is named here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.receivers.robust import Receiver

FLAWS: Final[dict[str, str]] = {
    "answers-everything": "answers 200 to every request and does nothing",
    "expects-post": "takes webhooks by POST only",
    "refuses-unfamiliar-status": "answers 400 to a status it does not know",
    "refuses-unfamiliar-parameters": "answers 400 to a parameter it does not know",
    "redirects": "redirects to the path with a trailing slash",
    "checks-no-token": "does not look at the credentials",
    "accepts-absent-token": "lets in whoever sends no token",
    "compares-token-loosely": "compares the token without regard to case",
    "last-write-wins": "keeps whatever status came last",
    "counts-duplicates": "does the work again each time an event arrives",
    "races-on-duplicates": "does the work twice when duplicates arrive together",
    "decodes-twice": "reads + as a space and decodes values twice",
    "works-before-answering": "works before it answers, one request at a time",
    "answers-before-failing": "answers 200 and loses some of the work",
    "merges-genuine-repeats": "takes a genuine repeat for a duplicate",
    "fails-after-the-first": "answers 500 to all but the first request",
}
"""The flawed kinds, and the one thing each gets wrong."""

AURA_FLAWS: Final[dict[str, str]] = {
    "aura-expects-get": "takes AURA's webhooks by GET only",
    "aura-ignores-headers": "does not look at the registered headers",
    "aura-refuses-unfamiliar-events": "answers 400 to an event it does not know",
    "aura-refuses-unfamiliar-fields": "answers 400 to a field it does not know",
    "aura-refuses-deprecated-events": "answers 410 to a deprecated event",
    "aura-counts-duplicates": "does the work again each time AURA's event arrives",
    "aura-knows-by-id": "takes whatever comes for an id that it knows for a duplicate",
    "aura-merges-repeats": "takes a repeat of the same message and id for a duplicate",
    "aura-never-polls": "takes the webhooks for a complete ledger",
}
"""The flawed kinds of AURA's receivers, and the one thing each gets wrong."""


def _flawed(kinds: Iterable[str]) -> dict[str, str]:
    return {
        kind: f"simulator.receivers.flaws.{kind.replace('-', '_')}:{kind.title().replace('-', '')}" for kind in kinds
    }


AURORA_KINDS: Final[dict[str, str]] = {"robust": "simulator.receivers.robust:Receiver", **_flawed(FLAWS)}
AURA_KINDS: Final[dict[str, str]] = {"aura-robust": "simulator.receivers.aura:AuraReceiver", **_flawed(AURA_FLAWS)}
KINDS: Final[dict[str, str]] = AURORA_KINDS | AURA_KINDS
SPOKEN: Final[dict[str, dict[str, str]]] = {"aurora": AURORA_KINDS, "aura": AURA_KINDS}
"""The kinds, by the provider whose events they take."""


class UnknownReceiverError(KeyError):
    """No receiver has this name; the text lists the names there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no receiver is called {kind!r}; there are: {', '.join(KINDS)}")

    def __str__(self) -> str:
        # KeyError shows the repr of its argument; ours is a sentence.
        return str(self.args[0])


def kind_for(provider: str, wanted: str) -> str:
    """The kind of this name that was made for a provider, where there is one: of AURA's, `robust` is `aura-robust`."""
    own = f"{provider}-{wanted}"
    return own if own in KINDS else wanted


def load(kind: str) -> type[Receiver]:
    """The class of one kind of receiver, imported only now. Raises `UnknownReceiverError`."""
    if kind not in KINDS:
        raise UnknownReceiverError(kind)
    module, _, name = KINDS[kind].partition(":")
    receiver: type[Receiver] = getattr(import_module(module), name)
    return receiver
