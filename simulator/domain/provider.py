"""A provider is a profile: facts and readings as data, and the few functions in which providers differ.

The engine is handed a `Profile` and never asks which provider it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Literal, get_args, get_type_hints

from simulator.domain.event import Catalogue, Event
from simulator.domain.form import Form
from simulator.domain.health import DisableRule, Window
from simulator.domain.request import Request
from simulator.domain.sample import Sample
from simulator.domain.story import Story
from simulator.domain.subscription import Definition, Owner, Subscription
from simulator.domain.template import Encoding, Unknown
from simulator.domain.world import Action, World
from simulator.errors import NotFound, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Quota:
    """How many subscriptions may share an event within a tenant, and what becomes of one too many (S9)."""

    limit: int
    per_event: bool
    excess: Literal["refuse", "replace"]


@dataclass(frozen=True, slots=True)
class Readings:
    """Named answers to the guide's silences. Whoever knows better changes the answer, not the code."""

    timeout_scope: Literal["total", "headers"] = "total"  # R1
    retry_delay_from: Literal["end", "start"] = "end"  # R4
    retry_jitter: float = 0.0  # R4: share of the delay, either way
    disable_cancels_pending: bool = True  # R6
    autodisable_window: Window = "trailing"  # R7
    reset_on_reenable: bool = True  # R9
    limit_counts_disabled: bool = True  # S9
    unknown_placeholder: Unknown = "reject"  # S10
    space_encoding: Literal["%20", "+"] = "%20"  # E6
    comma_encoding: Literal["%2C", ","] = "%2C"  # E6
    session_token_minted: Literal["attempt", "event"] = "attempt"  # noqa: S105 - the name of a reading (S13)

    @property
    def encoding(self) -> Encoding:
        return _encoding(self.space_encoding, self.comma_encoding)


_encoding = lru_cache(Encoding)  # asked for with every request


Define = Callable[[Mapping[str, Any], Definition | None, Catalogue, Readings], Definition]
"""A definition from the customer's own words, merged over the former one; raises `Invalid` (S10–S12)."""


SayCredentials = Callable[[tuple[str, str] | None, tuple[str, str] | None], dict[str, Any]]
"""A header with its token, and a user with a password, in the customer's words (E7, A1)."""

Dated = Callable[[str, Mapping[str, str], int], dict[str, str]]
"""The attributes of an event (by name) that occurs at an instant, with every time in them written out."""


@dataclass(frozen=True, slots=True)
class Face:
    """Where a provider's customers manage their subscriptions, and in which envelopes (S1, S2, S4, S13)."""

    owner: Literal["tenant", "application"]
    path: str
    """The path of the collection; `{tenant_id}` or `{application_id}` stands in it."""
    one: str
    many: str
    show: Callable[[Subscription], dict[str, Any]]
    """A subscription as the provider shows it, without its secrets (S7)."""


@dataclass(frozen=True, slots=True)
class KeyedFace:
    """The API of a provider whose paths name no tenant: the key of a request tells whose it is (A1, A11, A12)."""

    base: str
    """What every path begins with."""
    register: str
    """The path where a subscription is registered, and shown."""
    show: Callable[[Subscription, str], dict[str, Any]]
    """A subscription as the provider answers, with a sentence for people; without the values of its headers (S7)."""
    warn: Callable[[Definition], list[str]]
    """What is accepted, and better not done (A6)."""
    refuse: Callable[[str], dict[str, Any]]
    """The body of a refusal (A4)."""
    acts: Mapping[tuple[str, str], tuple[str, str]]
    """By method and path: the action, and the kind of object that it answers with; `{id}` is given to the action."""


@dataclass(frozen=True, slots=True)
class Applications:
    """Partner applications: one subscription for every tenant that enabled the application (S13)."""

    define: Define
    event: str
    """The event by which a tenant enables or disables one."""
    names: str
    """Its attribute that names the application."""
    tells: str
    """Its attribute that tells what became of it: one of the next two."""
    enabled: str
    disabled: str
    tenant: str
    """The placeholder that stands for the tenant of the event."""
    token: str
    """The placeholder that stands for a session token."""
    session_seconds: int

    def switched(self, event: Event) -> tuple[str, bool] | None:
        """The application that this event enables or disables for its tenant; None where it does neither."""
        if event.name != self.event or event.attributes[self.tells] not in (self.enabled, self.disabled):
            return None
        return event.attributes[self.names], event.attributes[self.tells] == self.enabled

    def switching(self, application_id: str, *, enabled: bool) -> dict[str, str]:
        """The attributes of the event that enables or disables an application."""
        return {self.names: application_id, self.tells: self.enabled if enabled else self.disabled}


@dataclass(frozen=True)
class Profile:
    """Everything the engine knows about a provider. Durations are virtual seconds."""

    name: str
    catalogue: Catalogue
    timeout_seconds: int
    ladder_seconds: tuple[int, ...]
    disable: DisableRule | None
    quota: Quota
    resend_days: int | None
    readings: Readings
    define: Define
    build_request: Callable[[Definition, Event, Readings], Request]
    """The exact request for an event under the latest definition (E4–E9)."""
    stories: Mapping[str, Story]
    samples: tuple[Sample, ...]
    suggest: Callable[[str, str], dict[str, Any]]
    """A minimal subscription in the customer's words for an event (by name) on a receiver (by base URL)."""
    address_field: str = "url_template"
    """The customer's own name for where events are sent."""
    events_field: str = ""
    """The customer's own name for the events of a subscription; empty where each subscription is for one event."""
    values_in: Literal["url", "body"] = "url"
    """Where the values of an event stand in its request."""
    faces: tuple[Face, ...] = ()
    applications: Applications | None = None
    world: World | None = None
    keyed_face: KeyedFace | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    silent: Catalogue = field(default_factory=dict)
    """Changes of the world that nobody is told of: they occur like events, but no subscription can ask for them."""
    say_credentials: SayCredentials = lambda _header, _basic: {}
    form: Form | None = None
    """A definition as fields, for whoever draws a form."""
    on_this_machine: Mapping[str, Any] = field(default_factory=dict)
    """Readings without which a receiver on this machine could not be registered for a test (A3)."""
    dated: Dated = lambda _name, attributes, _at: dict(attributes)
    """An event that is told twice with these attributes is the same to the byte, whenever it is told."""
    unfamiliar: Catalogue = field(default_factory=dict)
    """Events as the provider may add some: they are in no catalogue, and a receiver must bear them (A5)."""
    sentences: Mapping[str, str] = field(default_factory=dict)
    """By the check of a receiver: the clause with its sentence, which it enforces or which leaves it nothing to do."""
    grounds: Mapping[str, str] = field(default_factory=dict)
    """By the reason of a decision (`domain.reasons`): the clause that it rests on; none where the guide is silent."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """What each of these clauses says, in a sentence."""

    def because(self, reason: str, words: str = "") -> str:
        """The reason as it is recorded, in further words where there are any, with its clause in brackets."""
        clause = self.grounds.get(reason)
        return f"{words or reason} ({clause})" if clause else words or reason

    def suggest_all(self, events: Sequence[str], receiver: str) -> list[dict[str, Any]]:
        """As few subscriptions for these events as the provider's terms allow."""
        if not self.events_field:
            return [self.suggest(event, receiver) for event in events]
        return [{**self.suggest(events[0], receiver), self.events_field: [*events]}]

    def for_this_machine(self) -> Profile:
        """The same provider, towards a receiver on this machine."""
        return replace(self, readings=replace(self.readings, **self.on_this_machine))

    def known(self, name: str) -> Catalogue:
        """The catalogue in which to look for what occurs under this name."""
        return self.silent if name in self.silent else self.catalogue

    def definer(self, owner: Owner) -> Define:
        """Who turns this owner's words into a definition; raises `NotFound` for an application where there are none."""
        if owner.kind == "tenant":
            return self.define
        if self.applications is None:
            raise NotFound(f"{self.name} has no partner applications")
        return self.applications.define


def check_switches(readings: Readings, switches: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with these switches for this provider's readings."""
    hints = get_type_hints(type(readings))
    names = [field.name for field in fields(readings)]
    problems = []
    for name, value in switches.items():
        if name not in names:
            hint = did_you_mean(name, names)
            problems.append(Problem((name,), f"there is no such switch{hint}; the switches are {', '.join(names)}"))
        elif not _fits(hints[name], value):
            problems.append(Problem((name,), f"{value!r} is not allowed; it takes {_allowed(hints[name])}"))
    return problems


def _fits(hint: Any, value: Any) -> bool:
    if hint is bool:
        return isinstance(value, bool)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1
    return value in get_args(hint)


def _allowed(hint: Any) -> str:
    if hint is bool:
        return "true or false"
    return "a number from 0 to below 1" if hint is float else " or ".join(map(str, get_args(hint)))


def over_quota(quota: Quota, others: Collection[Definition], wanted: Definition, readings: Readings) -> str | None:
    """The event whose quota `wanted` would exceed beside the tenant's other definitions, or None (S9)."""
    if not (wanted.enabled or readings.limit_counts_disabled):
        return None
    counted = [other for other in others if other.enabled or readings.limit_counts_disabled]
    if not quota.per_event:
        return wanted.events[0] if len(counted) >= quota.limit else None
    for event in wanted.events:
        if sum(event in other.events for other in counted) >= quota.limit:
            return event
    return None
