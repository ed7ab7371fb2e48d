"""AURA's webhook in the customer's words, checked and turned into a `Definition` (A1–A4, A6).

In: the fields of a request body or of a scenario, and the definition they change, if any. Out: a definition, or
`Invalid` with every problem found, each naming its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from simulator.domain import template
from simulator.domain.auth import BasicAuth, HeaderAuth, check_header_name, check_secret
from simulator.domain.event import Catalogue, unknown_event
from simulator.domain.provider import Readings
from simulator.domain.subscription import Definition
from simulator.errors import Invalid, Problem, did_you_mean
from simulator.providers.aura.catalogue import KINDS, kind_of
from simulator.providers.aura.readings import AuraReadings, own

FIELDS = ("url", "events", "method", "headers")
METHOD = "webhook"

Words = Mapping[str, Any]
Pair = tuple[str, str]


def define(words: Words, former: Definition | None, catalogue: Catalogue, readings: Readings) -> Definition:
    """The definition that these words make; merged over the former one where one is changed. Raises `Invalid`."""
    merged = _merge(words, former)
    problems = [
        *_check_fields(words),
        *_check_url(merged.get("url"), own(readings)),
        *_check_events(merged.get("events"), catalogue, own(readings)),
        *_check_method(merged.get("method", METHOD)),
        *_check_headers(merged.get("headers", {})),
    ]
    if problems:
        raise Invalid(problems)
    return Definition(
        events=tuple(dict.fromkeys(merged["events"])),
        url_template=merged["url"],
        enabled=former.enabled if former else True,
        headers=tuple(HeaderAuth(name, value) for name, value in merged.get("headers", {}).items()),
    )


def suggest(event: str, receiver: str) -> dict[str, Any]:
    """The least a customer would register for an event: the receiver itself, as it was given."""
    return {"url": receiver, "events": [event]}


def credentials(header: Pair | None, basic: Pair | None) -> dict[str, Any]:
    """A token and a basic pair in the customer's words: both are headers here."""
    pairs = [header] if header else []
    if basic:
        pairs.append(BasicAuth(*basic).header())
    return {"headers": dict(pairs)} if pairs else {}


def warnings(definition: Definition) -> list[str]:
    """What is accepted, and better not done (A6)."""
    return [
        f"{name} is deprecated; use {KINDS[name].deprecated}"
        for name in definition.events
        if name in KINDS and KINDS[name].deprecated
    ]


def _merge(words: Words, former: Definition | None) -> dict[str, Any]:
    """What is given beside what there was; a header without a value keeps the one that it had."""
    if former is None:
        return dict(words)
    known = spell(former)
    merged = {**known, **words}
    if isinstance(merged["headers"], Mapping):
        kept = known["headers"]
        merged["headers"] = {
            name: kept.get(name) if value is None else value for name, value in merged["headers"].items()
        }
    return merged


def spell(definition: Definition) -> dict[str, Any]:
    """A definition in the customer's words with all that it holds; for showing, take its secrets out first."""
    headers = dict(one.header() for one in definition.headers)
    return {"url": definition.url_template, "events": [*definition.events], "headers": headers}


def _check_fields(words: Words) -> list[Problem]:
    return [
        Problem((name,), f"there is no such field{did_you_mean(name, FIELDS)}; the fields are {', '.join(FIELDS)}")
        for name in words
        if name not in FIELDS
    ]


def _check_url(url: Any, readings: AuraReadings) -> list[Problem]:
    if not isinstance(url, str) or not url:
        return [Problem(("url",), "is missing; give an address such as https://www.yourapp.com/aura")]
    flaws = template.check(url, re.findall(r"<(\w+)>", url))
    if "<" in url:
        flaws.append('holds "<"; this address is no template, percent-encode it (%3C)')
    if not flaws and urlsplit(url).scheme.lower() != "https" and not (readings.allow_http and _is_here(url)):
        hint = "; for a test on this machine, set the switch allow_http" if _is_here(url) else ""
        flaws.append(f"must begin with https://{hint}")
    return [Problem(("url",), flaw) for flaw in flaws]


def _is_here(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _check_events(events: Any, catalogue: Catalogue, readings: AuraReadings) -> list[Problem]:
    if not isinstance(events, list | tuple) or not events:
        return [Problem(("events",), "must be a list of at least one event name, such as NEW_CALLOUT")]
    problems = []
    for index, name in enumerate(events):
        where = ("events", index)
        if not isinstance(name, str):
            problems.append(Problem(where, "must be text, the name of an event"))
        elif name not in catalogue:
            problems.append(Problem(where, unknown_event(catalogue, name).text))
        elif readings.deprecated_register == "refuse" and kind_of(name).deprecated:
            problems.append(Problem(where, f"{name} is deprecated; use {kind_of(name).deprecated}"))
    return problems


def _check_method(method: Any) -> list[Problem]:
    return [] if method == METHOD else [Problem(("method",), f'must be "{METHOD}"')]


def _check_headers(headers: Any) -> list[Problem]:
    if not isinstance(headers, Mapping):
        return [Problem(("headers",), 'must be a mapping of names to values, such as {"Authorization": "Bearer …"}')]
    problems = []
    seen: set[str] = set()
    for name, value in headers.items():
        where = ("headers", str(name))
        flaws = check_header_name(name) if isinstance(name, str) else ["must be text"]
        flaws += check_secret(value) if isinstance(value, str) else ["must hold text"]
        if str(name).lower() in seen:
            flaws.append("stands here already, written otherwise; a header has one value")
        seen.add(str(name).lower())
        problems += [Problem(where, flaw) for flaw in flaws]
    return problems
