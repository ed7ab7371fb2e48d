"""Decodes the query as an HTML form, where `+` is a space, and what it got once more.

The default of many frameworks, and a second `unquote` for good measure: `a+b` becomes `a b`, and `100%25` is cut.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

from simulator.receivers.robust import Receiver


class DecodesTwice(Receiver):
    def decode(self, raw_query: str) -> dict[str, str]:
        return {name: unquote(value.replace("+", " ")) for name, value in parse_qsl(raw_query, keep_blank_values=True)}
