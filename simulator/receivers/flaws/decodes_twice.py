"""Decodes the query once more than it was encoded, and as an HTML form, where `+` is a space.

The framework has decoded already, and somebody calls `unquote_plus` for good measure: `A%2BB`, which says `A+B`,
becomes `A B`; `%252F`, which says `%2F`, becomes `/`. The request is fired at the URL that the template makes of the
event's attributes: what arrives there is not what happened.
"""

from __future__ import annotations

from urllib.parse import unquote_plus

from simulator.receivers.robust import Receiver


class DecodesTwice(Receiver):
    def decode(self, raw_query: str) -> dict[str, str]:
        return {name: unquote_plus(value) for name, value in super().decode(raw_query).items()}
