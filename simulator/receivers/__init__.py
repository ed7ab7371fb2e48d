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

KINDS: Final[dict[str, str]] = {
    "robust": "simulator.receivers.robust:Receiver",
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
