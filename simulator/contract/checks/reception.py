"""Does the receiver take what is sent: by the provider's method, without a redirect, every event and every value."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from simulator.contract.bench import Bench, Sent
from simulator.contract.check import Check
from simulator.contract.finding import Finding, failed, passed, skipped, warned
from simulator.contract.plot import is_id
from simulator.domain.outcome import Kind

_OTHER_METHOD = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)
_SHOWN = 3  # deliveries told in a message; the rest is counted


async def takes_the_method(bench: Bench) -> Finding:
    sent = await bench.plain()
    refused = [one for one in sent if one.outcomes[-1].status in _OTHER_METHOD]
    if refused:
        return failed(f"does not take the method: {tell(refused)}", *ids(refused))
    return passed(f"none of {len(sent)} events was refused for its method")


async def redirects_nothing(bench: Bench) -> Finding:
    sent = await bench.plain()
    redirected = [one for one in sent if one.outcomes[-1].kind is Kind.REDIRECT]
    if redirected:
        return failed(f"redirects: {tell(redirected)}", *ids(redirected))
    return passed(f"none of {len(sent)} events was redirected")


async def takes_every_event(bench: Bench) -> Finding:
    """Plain events first; the values of those that are taken follow."""
    sent, usable = list(await bench.plain()), await bench.usable()
    for kind, given in bench.patiently(bench.documented()):
        if kind in usable and given:
            sent += await bench.send(bench.case(kind, given, *given.values()))
    sent = [one for one in sent if not bench.profile.catalogue[one.case.event].deprecated]
    refused = [one for one in sent if not one.accepted]
    if refused:
        return failed(f"{len(refused)} of {len(sent)} legal events were not taken: {tell(refused)}", *ids(refused))
    return passed(f"{len(sent)} legal events were answered 2xx in time, every documented value among them")


async def takes_deprecated_events(bench: Bench) -> Finding:
    """Who registered for one long ago still receives it: it is judged apart from the others."""
    sent = [one for one in await bench.plain() if bench.profile.catalogue[one.case.event].deprecated]
    if not sent:
        return skipped("no event in scope is deprecated")
    refused = [one for one in sent if not one.accepted]
    if not refused:
        return passed(f"deprecated events were taken: {', '.join(one.case.event for one in sent)}")
    return failed(f"a deprecated event was not taken: {tell(refused)}", *ids(refused))


async def is_encrypted(bench: Bench) -> Finding:
    if bench.target.url.lower().startswith("https://"):
        return passed("the URL is https")
    if bench.target.is_local:
        return skipped("the receiver is on this machine")
    return warned("the URL is http: ids, statuses and credentials can be read on the way")


def tell(sent: Sequence[Sent]) -> str:
    """The first of these, for a sentence: event, outcome, and the values that are no ids."""
    told = "; ".join(f"{one}{_values(one)}" for one in sent[:_SHOWN])
    return f"{told}; and {len(sent) - _SHOWN} more" if len(sent) > _SHOWN else told


def ids(sent: Sequence[Sent]) -> list[int]:
    """Their deliveries, as evidence."""
    return [one.delivery_id for one in sent]


def _values(one: Sent) -> str:
    dull = one.case.formed
    told = {name: value for name, value in one.case.attributes.items() if not is_id(name) and name not in dull}
    values = ", ".join(f"{name} {value!r}" for name, value in told.items())
    return f" for {values}" if values else ""


CHECKS = (
    Check(
        id="method",
        advice="Register the route for the method that the provider uses.",
        run=takes_the_method,
        on_usable=False,
    ),
    Check(
        id="redirect",
        advice="Answer at the very URL of the subscription: mind trailing slashes, www, and http against https.",
        run=redirects_nothing,
        on_usable=False,
    ),
    Check(
        id="every-event",
        advice="Answer 2xx to every legal event, also to those that you do nothing with.",
        run=takes_every_event,
        after=("method", "redirect"),
        on_usable=False,
    ),
    Check(
        id="deprecated-event",
        advice="Go on taking what your registration asks for, and treat it like the event that replaces it.",
        run=takes_deprecated_events,
        after=("every-event",),
    ),
    Check(
        id="encryption",
        advice="Serve the receiver by https before go-live.",
        run=is_encrypted,
        on_usable=False,
    ),
)
