"""A receiver of agreements and all its tests: copy this file, and put your own application in place of this one.

An application is run on loopback for the test, be it aiohttp (as here), ASGI (FastAPI, Starlette, Django) or WSGI
(Flask, Django). One that is up already is named by its URL.
"""

from __future__ import annotations

import pytest
from aiohttp import web

TOKEN = ("X-Aurora-Webhook-Token", "2dbcbba1")
RANK = {"sent": 1, "viewed": 2, "signed": 3}


class Receiver:
    """Keeps the furthest status of each agreement, and installs what is signed, once."""

    def __init__(self):
        self.statuses = {}
        self.installations = []
        self.app = web.Application()
        self.app.router.add_get("/agreement_status_changed", self.receive)
        self.app.router.add_get("/agreements/{id}", self.show)

    async def receive(self, request):
        if request.headers.get(TOKEN[0]) != TOKEN[1]:
            raise web.HTTPUnauthorized
        agreement, status = request.query["agreement_id"], request.query["status"]
        if status == "signed" and agreement not in self.installations:
            self.installations.append(agreement)
        known = self.statuses.get(agreement, "")
        self.statuses[agreement] = max(known, status, key=lambda one: RANK.get(one, 0))
        return web.Response()

    async def show(self, request):
        return web.json_response(self.statuses[request.match_info["id"]])


@pytest.fixture
def receiver():
    return Receiver()


def test_a_signed_agreement_arrives(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    aurora.emit("agreement_status_changed", AGREEMENT_ID="a1", STATUS="signed")
    aurora.assert_delivered()
    assert receiver.statuses == {"a1": "signed"}


def test_an_outage_of_six_hours_loses_nothing(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    aurora.fault("refuse", lasting="6h")
    aurora.story("agreement_signed")
    aurora.assert_delivered()
    assert [*receiver.statuses.values()] == ["signed"]


def test_the_work_of_a_signature_is_done_once(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    aurora.fault("lost_response", attempt=1)  # the receiver did its work, Aurora never learned of it
    aurora.fault("duplicate")
    aurora.emit("agreement_status_changed", STATUS="signed")
    aurora.assert_exactly_once(lambda event: receiver.installations.count(event["AGREEMENT_ID"]))


def test_no_order_of_events_loses_a_signature(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    aurora.assert_converges("agreement_signed", "/agreements/<AGREEMENT_ID>")


def test_a_wrong_token_is_refused_until_it_is_given_up(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=(TOKEN[0], "wrong"))
    aurora.emit("agreement_status_changed")
    aurora.run_until_idle()
    (delivery,) = aurora.deliveries()
    assert (delivery.state, [one.status for one in delivery.attempts]) == ("exhausted", [401] * 6)


def test_time_passes_as_far_as_a_test_wants(aurora, receiver):
    aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    aurora.fault("status", status=503, lasting="1m")
    aurora.emit("agreement_status_changed", STATUS="sent")
    aurora.advance("5m")
    assert receiver.statuses == {}
    aurora.advance("30s")
    assert [*receiver.statuses.values()] == ["sent"]


@pytest.mark.asyncio
async def test_in_an_async_test_every_method_is_awaited(aurora, receiver):
    await aurora.subscribe("agreement_status_changed", to=receiver.app, header_auth=TOKEN)
    await aurora.emit("agreement_status_changed", STATUS="viewed")
    await aurora.assert_delivered()
    assert [*receiver.statuses.values()] == ["viewed"]
