"""A registration: what is accepted, what is refused, and what replaces what (A1–A4, A6)."""

from __future__ import annotations

import pytest

from simulator.errors import Invalid
from simulator.providers.aura import AURA
from simulator.providers.aura.catalogue import CATALOGUE
from simulator.providers.aura.readings import AuraReadings
from simulator.providers.aura.registration import define, warnings

URL = "https://www.yourapp.com/aura"
LOCAL = AuraReadings(allow_http=True)


def defined(readings=AURA.readings, **words):
    return define({"url": URL, "events": ["NEW_CALLOUT"], **words}, None, CATALOGUE, readings)


def flaws(readings=AURA.readings, **words):
    with pytest.raises(Invalid) as refused:
        defined(readings, **words)
    return [str(problem) for problem in refused.value.problems]


def test_url_events_method_and_headers_make_a_registration_a1():
    made = defined(method="webhook", headers={"Authorization": "Bearer t", "X-Source": "crm"})
    assert (made.url_template, made.events, made.enabled) == (URL, ("NEW_CALLOUT",), True)
    assert [one.header() for one in made.headers] == [("Authorization", "Bearer t"), ("X-Source", "crm")]
    assert "Bearer t" not in repr(made)


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ({"url": ""}, "url: is missing"),
        ({"url": None}, "url: is missing"),
        ({"url": "ftp://host/x"}, "url: must begin with"),
        ({"url": "https:///x"}, "url: has no host"),
        ({"url": "https://me@host/x"}, "url: carries a user name"),
        ({"url": "https://host/x#part"}, "url: holds a fragment"),
        ({"url": "https://host/<ID>"}, 'url: holds "<"; this address is no template'),
        ({"events": []}, "events: must be a list of at least one"),
        ({"events": "NEW_CALLOUT"}, "events: must be a list"),
        ({"events": [7]}, "events[0]: must be text"),
        ({"events": ["NEW_CALLOUT", "NEW_CALOUT"]}, 'events[1]: there is no event "NEW_CALOUT" (did you mean'),
        ({"method": "email"}, 'method: must be "webhook"'),
        ({"headers": ["X"]}, "headers: must be a mapping"),
        ({"headers": {"a b": "c"}}, "headers.a b: "),
        ({"headers": {"Host": "c"}}, "headers.Host: "),
        ({"headers": {"X": 7}}, "headers.X: must hold text"),
        ({"headers": {"X": "a\r\nb"}}, "headers.X: holds a control character"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "headers.x-a: stands here already"),
        ({"event": "NEW_CALLOUT"}, 'event: there is no such field (did you mean "events"?)'),
    ],
)
def test_what_is_wrong_is_refused_by_name_a4(words, flaw):
    assert any(one.startswith(flaw) for one in flaws(**words)), flaws(**words)


def test_every_fault_is_told_at_once_a4():
    assert len(flaws(url="http://host/", events=[], headers={"Host": "x"}, extra=1)) == 4


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8:80", "localhost:3000", "[::1]:80", "a.localhost"])
def test_plain_http_needs_the_switch_and_this_machine_a3(host):
    assert "set the switch allow_http" in flaws(url=f"http://{host}/in")[0]
    assert defined(LOCAL, url=f"http://{host}/in").url_template == f"http://{host}/in"


@pytest.mark.parametrize("host", ["www.yourapp.com", "10.0.0.1", "localhost.evil.example", "128.0.0.1"])
def test_plain_http_to_another_machine_is_refused_under_the_switch_too_a3(host):
    assert flaws(LOCAL, url=f"http://{host}/in") == ["url: must begin with https://"]


def test_a_deprecated_event_is_accepted_with_a_warning_a6():
    made = defined(events=["RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA", "NEW_CALLOUT"])
    assert warnings(made) == [
        "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA is deprecated; use RESPONDER_ACKNOWLEDGED_CALLOUT"
    ]
    assert warnings(defined()) == []


def test_a_deprecated_event_is_refused_under_the_other_reading_a6():
    readings = AuraReadings(deprecated_register="refuse")
    assert "is deprecated" in flaws(readings, events=["RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"])[0]


def test_an_event_named_twice_is_registered_once():
    assert defined(events=["NEW_CALLOUT", "NEW_CALLOUT"]).events == ("NEW_CALLOUT",)


async def test_registering_again_replaces_the_former_whole_a2(sender, receiver):
    first = sender.register("NEW_CALLOUT", headers={"X-Key": "k"})
    second = sender.register("CALLOUT_CLOSED")
    sender.emit("NEW_CALLOUT")
    sender.emit("CALLOUT_CLOSED")
    await sender.settle()
    assert receiver.messages() == ["CALLOUT_CLOSED"]
    assert "X-Key" not in receiver.posts[0].headers
    assert sender.simulation.roster.get(first.id).deleted_at is not None
    assert sender.simulation.roster.of_owner(second.owner) == [second]


async def test_each_customer_source_has_its_own_a2(sender, receiver):
    sender.register("NEW_CALLOUT", source="north")
    sender.register("NEW_CALLOUT", source="south")
    sender.emit("NEW_CALLOUT", source="north")
    sender.emit("NEW_CALLOUT", source="south")
    await sender.settle()
    assert len(receiver.posts) == 2


@pytest.mark.parametrize("words", [{"events": ["NO_SUCH"]}, {"events": []}, {"url": "http://www.yourapp.com/"}])
async def test_a_registration_that_is_refused_leaves_the_former_in_force_a4(sender, receiver, words):
    sender.register("NEW_CALLOUT", headers={"X-Key": "k"})
    with pytest.raises(Invalid):
        sender.simulation.subscriptions.register("demo", {"url": sender.url, "events": ["NEW_CALLOUT"], **words})
    sender.emit("NEW_CALLOUT")
    await sender.settle()
    assert [post.headers["X-Key"] for post in receiver.posts] == ["k"]


async def test_what_is_on_the_wire_to_the_former_ends_and_is_recorded_a2(sender, receiver):
    sender.register("NEW_CALLOUT")
    receiver.answer = lambda _: sender.register("CALLOUT_CLOSED") and 200
    sender.emit("NEW_CALLOUT")
    (delivery,) = await sender.settle()
    assert delivery.state == "delivered"


async def test_a_change_in_the_portal_keeps_what_it_does_not_name(sender, receiver):
    made = sender.register("NEW_CALLOUT", headers={"X-Key": "k"})
    sender.simulation.subscriptions.update(made.id, {"events": ["CALLOUT_CLOSED"]})
    sender.emit("CALLOUT_CLOSED")
    await sender.settle()
    assert receiver.posts[0].headers["X-Key"] == "k"


def test_a_header_without_a_value_keeps_the_one_it_had_and_one_that_is_left_out_goes():
    former = defined(headers={"Authorization": "Bearer t", "X-Source": "crm", "X-Old": "1"})
    words = {"headers": {"Authorization": None, "X-Source": "erp"}}
    made = define(words, former, CATALOGUE, AURA.readings)
    assert [one.header() for one in made.headers] == [("Authorization", "Bearer t"), ("X-Source", "erp")]


@pytest.mark.parametrize("former", [None, defined(headers={"X-Other": "1"})], ids=["new", "changed"])
def test_a_header_that_had_no_value_needs_one(former):
    with pytest.raises(Invalid, match=r"headers\.X-New: must hold text"):
        define({"url": URL, "events": ["NEW_CALLOUT"], "headers": {"X-New": None}}, former, CATALOGUE, AURA.readings)
