"""Does the receiver take what is sent: by the provider's method, without a redirect, every event and every value."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from simulator.contract.bench import Bench, Sent
from simulator.contract.check import Check
from simulator.contract.finding import Finding, failed, passed, skipped, warned
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
    refused = [one for one in sent if not one.accepted]
    if refused:
        return failed(f"{len(refused)} of {len(sent)} legal events were not taken: {tell(refused)}", *ids(refused))
    return passed(f"{len(sent)} legal events were answered 2xx in time, every documented value among them")


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
    values = ", ".join(f"{name} {value!r}" for name, value in one.case.attributes.items() if "ID" not in name)
    return f" for {values}" if values else ""


CHECKS = (
    Check(
        id="method",
        clause="E4: Aurora webhooks are fired as GET requests",
        advice="Register the route for the provider's method; what there is to know stands in the URL, not in a body.",
        run=takes_the_method,
        on_usable=False,
    ),
    Check(
        id="redirect",
        clause="R2: a 3xx status code counts as a failure, and is not followed",
        advice="Answer at the very URL of the subscription: mind trailing slashes, www, and http against https.",
        run=redirects_nothing,
        on_usable=False,
    ),
    Check(
        id="every-event",
        clause="E1, R1: a webhook that is not answered 2xx within the limit is sent again, up to 5 times",
        advice="Answer 2xx to every legal event, also to those that you do nothing with; a refusal burns all attempts.",
        run=takes_every_event,
        after=("method", "redirect"),
        on_usable=False,
    ),
    Check(
        id="encryption",
        clause="S11: you can ensure that the payload is encrypted by using an HTTPS URL",
        advice="Serve the receiver by https before go-live.",
        run=is_encrypted,
        on_usable=False,
    ),
)
