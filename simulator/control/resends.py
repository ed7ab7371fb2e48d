"""Many past deliveries sent again: everything missed between two instants, or whatever a filter means (R10)."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from simulator.control.answers import say
from simulator.control.bodies import Resend
from simulator.control.operation import Asked, Operation
from simulator.domain.delivery import State
from simulator.domain.event import unknown_event
from simulator.domain.instant import format_instant
from simulator.errors import Invalid
from simulator.store.progress import Progress
from simulator.store.selection import Choice

LISTED = 100  # the newest resends; older ones are found by their id

PATH = "/simulator/resend"


async def begin(asked: Asked) -> web.Response:
    """Accept it; a short one is finished when this answers, a long one goes on and can be read."""
    wanted: Resend = asked.body
    catalogue = asked.desk.simulation.profile.catalogue
    if wanted.event is not None and wanted.event not in catalogue:
        raise Invalid([unknown_event(catalogue, wanted.event)])
    choice = Choice(
        states=tuple(State(one) for one in wanted.states),
        subscription_id=asked.desk.subscription_id(wanted.subscription),
        event=wanted.event,
        tenant_id=wanted.tenant,
        since=wanted.from_,
        until=wanted.to,
    )
    progress = asked.desk.resender.begin(choice)
    headers = {"Location": f"{PATH}/{progress.id}"}
    return say(_record(progress), 200 if progress.finished else 202, headers)


async def show(asked: Asked) -> web.Response:
    """How far one has come."""
    return say(_record(asked.desk.resender.get(asked.number("resend"))))


async def show_all(asked: Asked) -> web.Response:
    """The newest ones, newest first."""
    known = sorted(asked.desk.resender.known, reverse=True)[:LISTED]
    return say({"resends": [_record(asked.desk.resender.get(one)) for one in known]})


def _record(progress: Progress) -> dict[str, Any]:
    choice = progress.choice
    return {
        "id": progress.id,
        "accepted_at": format_instant(progress.accepted_at),
        "from": None if choice.since is None else format_instant(choice.since),
        "to": None if choice.until is None else format_instant(choice.until),
        "subscription_id": choice.subscription_id,
        "event": choice.event,
        "tenant_id": choice.tenant_id,
        "states": list(choice.states or ()),
        "finished": progress.finished,
        "resent": progress.resent,
        "refused": progress.refused,
        "refusals": [{"delivery_id": one, "message": words} for one, words in progress.refusals],
    }


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "resend",
        "Send past deliveries again: everything missed, or what a filter means",
        begin,
        {200: "it is finished", 202: "it goes on; read its progress under Location", 404: "no such subscription"},
        body=Resend,
    ),
    Operation("GET", PATH, "list_resends", "The newest resends and their progress", show_all, {200: "the resends"}),
    Operation(
        "GET",
        f"{PATH}/{{id}}",
        "show_resend",
        "The progress of one resend",
        show,
        {200: "how far it has come", 404: "there is no such resend"},
    ),
)
