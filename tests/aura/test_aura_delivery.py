"""What is posted, and that it is posted once (A7–A10, A13), over real HTTP."""

from __future__ import annotations

import socket
import ssl

import pytest
import trustme
from posted_to import PostedTo

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND, format_instant
from simulator.providers.aura.catalogue import CATALOGUE, KINDS
from simulator.report.build import view_deliveries

START_TEXT = "2026-03-06T17:00:00Z"
CALLOUT = {"id": "42", "customerId": "7", "status": "new", "latitude": "-0.5", "longitude": "0.25"}


async def test_a_delivery_is_one_post_of_json_with_every_registered_header_a7(sender, receiver):
    sender.register("NEW_CALLOUT", headers={"Authorization": "Bearer s3cret", "x-Custom": " spaced out "})
    sender.emit("NEW_CALLOUT", **CALLOUT)
    await sender.settle()
    (post,) = receiver.posts
    assert (post.method, post.path) == ("POST", "/")
    assert post.headers["Content-Type"] == "application/json"
    assert post.headers["Authorization"] == "Bearer s3cret"
    assert post.headers["x-Custom"].strip() == "spaced out"
    assert post.json == {
        "message": "NEW_CALLOUT",
        "callout": {
            "id": 42,
            "customerId": 7,
            "status": "new",
            "latitude": -0.5,
            "longitude": 0.25,
            "createdAt": START_TEXT,
        },
    }


async def test_a_content_type_that_was_registered_replaces_ours_a7(sender, receiver):
    sender.register("NEW_CALLOUT", headers={"content-type": "application/vnd.example+json"})
    sender.emit("NEW_CALLOUT")
    await sender.settle()
    assert receiver.posts[0].headers["Content-Type"] == "application/vnd.example+json"


@pytest.mark.parametrize("name", CATALOGUE)
async def test_every_event_names_itself_and_carries_its_one_entity_a5_a7_a8(sender, receiver, name):
    sender.register(name)
    sender.emit(name)
    await sender.settle()
    body = receiver.posts[0].json
    entity = KINDS[name].entity
    assert set(body) == {"message", entity}
    assert body["message"] == name
    assert isinstance(body[entity]["id"], int)
    assert ("incidentInformation" in body[entity]) == KINDS[name].incident


INCIDENT = {
    "responder": "R. Sample",
    "supplier": "Example Response",
    "responseType": "armed",
    "classification": "panic",
    "dispatchedAt": "-12m",
    "arrivedAt": "",
    "completedAt": "",
}
SHOWN = {
    "responder": "R. Sample",
    "supplier": "Example Response",
    "responseType": "armed",
    "classification": "panic",
    "dispatchedAt": "2026-03-06T16:48:00Z",
    "arrivedAt": START_TEXT,
    "completedAt": None,
}


async def test_a_responders_event_carries_the_incident_in_an_array_in_the_callout_a8(sender, receiver):
    sender.register("RESPONDER_ARRIVED_ON_SCENE")
    sender.emit("RESPONDER_ARRIVED_ON_SCENE", **INCIDENT)
    await sender.settle()
    assert receiver.posts[0].json["callout"]["incidentInformation"] == [SHOWN]


@pytest.mark.parametrize(
    ("shape", "where", "held"),
    [
        ("object_in_callout", lambda body: body["callout"]["incidentInformation"], SHOWN),
        ("array_beside_callout", lambda body: body["incidentInformation"], [SHOWN]),
    ],
)
async def test_the_incident_stands_where_the_reading_says_a8(make_sender, receiver, shape, where, held):
    sender = make_sender(incident_shape=shape)
    sender.register("RESPONDER_ARRIVED_ON_SCENE")
    sender.emit("RESPONDER_ARRIVED_ON_SCENE", **INCIDENT)
    await sender.settle()
    assert where(receiver.posts[0].json) == held


async def test_what_is_unfamiliar_is_let_through_on_purpose_and_nothing_else_is_lost(sender, receiver):
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT", lenient=True, id="no number", latitude="nan", createdAt="-soon", mood="Größe ☀️")
    await sender.settle()
    callout = receiver.posts[0].json["callout"]
    assert (callout["id"], callout["latitude"]) == ("no number", "nan")
    assert (callout["createdAt"], callout["mood"]) == ("-soon", "Größe ☀️")


@pytest.mark.parametrize("text", ["007", "1_000", " 12", "+5", "-0", "٣", "1e3"])
async def test_an_id_is_a_number_only_where_the_number_is_written_like_the_id_a7_a11(sender, receiver, text):
    """Whoever polls for the id that was posted must find the callout under it."""
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT", lenient=True, id=text)
    await sender.settle()
    assert receiver.posts[0].json["callout"]["id"] == text


@pytest.mark.parametrize(
    ("text", "posted"),
    [("0.10", 0.1), ("-33", -33.0), ("1e1", 10.0), ("1_0.5", "1_0.5"), (" 1", " 1"), ("infinity", "infinity")],
)
async def test_a_coordinate_is_a_number_where_json_would_take_it_for_one_a7(sender, receiver, text, posted):
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT", lenient=True, latitude=text)
    await sender.settle()
    assert receiver.posts[0].json["callout"]["latitude"] == posted


async def test_what_was_posted_is_recorded_byte_for_byte_and_no_secret_with_it_a7(sender, receiver):
    sender.register("NEW_CALLOUT", headers={"Authorization": "Bearer s3cret"})
    sender.emit("NEW_CALLOUT")
    (delivery,) = await sender.settle()
    assert delivery.attempts[0].method == "POST"
    assert (delivery.attempts[0].body or "").encode() == receiver.posts[0].body
    assert "s3cret" not in repr(delivery)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 502, 503])
async def test_an_answer_that_is_no_success_is_recorded_and_never_retried_a9(sender, receiver, status):
    receiver.answer = lambda _: status
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT")
    (delivery,) = await sender.settle()
    assert (delivery.state, [one.status for one in delivery.attempts]) == ("exhausted", [status])
    await sender.days_pass(9)
    assert [post.path for post in receiver.posts] == ["/"]


async def test_a_refused_connection_is_one_attempt_days_later_too_a9(make_sender):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        sender = make_sender(url=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        sender.register("NEW_CALLOUT")
        sender.emit("NEW_CALLOUT")
        await sender.settle()
        await sender.days_pass(9)
    (delivery,) = view_deliveries(sender.ledger.db)
    assert (delivery.state, [one.outcome for one in delivery.attempts]) == ("exhausted", ["refused"])


async def test_a_receiver_that_never_answers_is_one_attempt_of_ten_seconds_a9(make_sender, receiver):
    sender = make_sender(timeout_seconds=0.05)  # real; the clock charges what the profile says
    receiver.answer = lambda _: None
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT")
    (delivery,) = await sender.settle()
    (attempt,) = delivery.attempts
    assert (attempt.outcome, attempt.ended_at - attempt.started_at) == ("headers_timeout", 10 * SECOND)
    await sender.days_pass(9)
    assert len(receiver.posts) == 1


async def test_two_hundred_failures_disable_nothing_a9(sender, receiver):
    receiver.answer = lambda _: 500
    made = sender.register("NEW_CALLOUT")
    for _ in range(200):
        sender.emit("NEW_CALLOUT")
    await sender.settle()
    receiver.answer = lambda _: 200
    sender.emit("NEW_CALLOUT")
    deliveries = await sender.settle()
    assert sender.simulation.roster.get(made.id).enabled
    assert [one.state for one in deliveries] == ["exhausted"] * 200 + ["delivered"]


async def test_a_duplicate_is_the_same_post_again_and_is_marked_a10(sender, receiver):
    sender.simulation.inject(Fault("twice", FaultKind.DUPLICATE, since=0, delay_us=60 * SECOND))
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT")
    (delivery,) = await sender.settle()
    assert [one.duplicate for one in delivery.attempts] == [False, True]
    assert receiver.posts[0].body == receiver.posts[1].body


async def test_a_genuine_repeat_has_the_key_of_a_duplicate_a10(sender, receiver):
    """`message` and id are all that the guide offers to tell them apart, and they are equal."""
    sender.register("CALLOUT_EVENTS_CHANGED")
    for status in ("new", "owned"):
        sender.emit("CALLOUT_EVENTS_CHANGED", id="42", status=status)
    await sender.settle()
    first, second = (post.json for post in receiver.posts)
    assert (first["message"], first["callout"]["id"]) == (second["message"], second["callout"]["id"])
    assert first != second


async def test_requests_leave_from_the_address_that_is_asked_for_a13(make_sender, receiver):
    sender = make_sender(source_address="127.0.0.2")
    sender.register("NEW_CALLOUT")
    sender.emit("NEW_CALLOUT")
    await sender.settle()
    assert [post.peer for post in receiver.posts] == ["127.0.0.2"]


async def test_tls_is_spoken_and_a_certificate_of_a_stranger_is_not_accepted_a3(make_sender):
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    receiver = PostedTo()
    await receiver.start(server)
    try:
        outcomes = []
        for trust in (trusting, ssl.create_default_context()):
            sender = make_sender(url=receiver.url, ssl=trust, allow_http=False)
            sender.register("NEW_CALLOUT")
            sender.emit("NEW_CALLOUT")
            (delivery,) = await sender.settle()
            outcomes.append(delivery.attempts[0].outcome)
        assert outcomes == ["success", "tls"]
        assert len(receiver.posts) == 1
    finally:
        await receiver.stop()


async def test_a_burst_of_events_is_as_many_posts_a7(sender, receiver):
    sender.register("NEW_CALLOUT")
    ids = {sender.emit("NEW_CALLOUT").attributes["id"] for _ in range(100)}
    await sender.settle()
    assert {str(post.json["callout"]["id"]) for post in receiver.posts} == ids
    assert format_instant(sender.clock.now()) == START_TEXT


async def test_a_disabled_registration_can_be_enabled_again_though_its_words_know_no_such_field(sender, receiver):
    """R9: by an operator, as a scenario may."""
    made = sender.register("NEW_CALLOUT", headers={"X-Key": "k"})
    sender.simulation.subscriptions.disable(made.id)
    sender.emit("NEW_CALLOUT")
    sender.simulation.subscriptions.enable(made.id)
    sender.emit("NEW_CALLOUT")
    await sender.settle()
    assert [post.headers["X-Key"] for post in receiver.posts] == ["k"]
