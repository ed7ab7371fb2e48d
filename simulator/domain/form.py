"""What a form asks for: a provider's definition as fields, so that a page needs to know no provider.

A profile hands in the fields; whoever draws a form draws each by its kind. What a field takes is plain JSON, and the
same JSON goes to the profile's `define`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from simulator.domain.subscription import Definition

FieldKind = Literal["event", "events", "url", "text", "secret", "filters", "headers", "switch"]
"""What a field takes:

`event` the name of an event, `events` a list of them; `url` an address, `text` a line; `secret` a text that nobody
gets back; `filters` a list of `{"url_parameter": …, "value": […]}` over the event's filterable attributes; `headers`
names with secret values, where null keeps the value that a name has; `switch` whether the subscription is enabled.
"""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. Those of one `group` stand or fall together; `placeholders`: `<NAME>` stands for an attribute."""

    name: str
    kind: FieldKind
    label: str
    required: bool = False
    hint: str = ""
    group: str = ""
    placeholders: bool = False

    @property
    def secret(self) -> bool:
        return self.kind in ("secret", "headers")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a definition; `spell` says a definition in the customer's words, which are these fields."""

    fields: tuple[FormField, ...]
    spell: Callable[[Definition], dict[str, Any]]

    def filled(self, definition: Definition) -> dict[str, Any]:
        """What this definition puts into the fields; of its secrets only that they are there (S7)."""
        return self.spell(definition.without_secrets())
