"""Sample programs under test: what a customer of Aurora Solar would write to receive its webhooks.

In goes the name of a kind of receiver, out comes its class. These programs stand apart: they see HTTP
requests and their own database, and know nothing of the simulator that sends the requests.

A kind is one small file with one class. A flawed kind subclasses `robust.Receiver`, changes one piece of it,
and is named here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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

KINDS: Final[dict[str, str]] = {
    "robust": "simulator.receivers.robust:Receiver",
    "aura-robust": "simulator.receivers.aura:AuraReceiver",
    **{kind: f"simulator.receivers.flaws.{kind.replace('-', '_')}:{kind.title().replace('-', '')}" for kind in FLAWS},
}


class UnknownReceiverError(KeyError):
    """No receiver has this name; the text lists the names there are."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no receiver is called {kind!r}; there are: {', '.join(KINDS)}")

    def __str__(self) -> str:
        # KeyError shows the repr of its argument; ours is a sentence.
        return str(self.args[0])


def load(kind: str) -> type[Receiver]:
    """The class of one kind of receiver, imported only now. Raises `UnknownReceiverError`."""
    if kind not in KINDS:
        raise UnknownReceiverError(kind)
    module, _, name = KINDS[kind].partition(":")
    receiver: type[Receiver] = getattr(import_module(module), name)
    return receiver
