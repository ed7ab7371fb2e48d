"""`POST /simulator/events`, `GET /simulator/events[/{id}]` and `GET /simulator/samples`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from served import Served, at, served

from simulator.providers import AURORA

EVENTS = "/simulator/events"


async def test_an_event_occurs_at_once_and_missing_attributes_are_generated(face: Served) -> None:
    said = await face.post(EVENTS, {"event": "lead_converted"})
    assert said.status == 202
    (accepted,) = said.json["events"]
    assert accepted == {"id": 1, "event": "lead_converted", "occurs_at": at(0)}
    event = (await face.get(f"{EVENTS}/1")).json["event"]
    assert set(event["attributes"]) == {"LEAD_ID", "PROJECT_ID"}
    assert all(event["attributes"].values())


async def test_given_attributes_stay_as_they_are(face: Served) -> None:
    await face.emit("agreement_status_changed", attributes={"STATUS": "signed", "PROJECT_ID": "p 1"}, tenant="acme")
    event = (await face.get(f"{EVENTS}/1")).json["event"]
    assert event["tenant_id"] == "acme"
    assert event["attributes"]["STATUS"] == "signed"
    assert event["attributes"]["PROJECT_ID"] == "p 1"


async def test_many_events_in_one_request_occur_in_their_order(face: Served) -> None:
    said = await face.post(EVENTS, [{"event": "lead_changed"}, {"event": "lead_created", "count": 2}])
    assert [(one["id"], one["event"]) for one in said.json["events"]] == [
        (1, "lead_changed"),
        (2, "lead_created"),
        (3, "lead_created"),
    ]


async def test_no_two_events_draw_the_same_ids(face: Served) -> None:
    await face.post(EVENTS, [{"event": "lead_changed", "count": 3}, {"event": "lead_changed"}])
    await face.post(EVENTS, {"event": "lead_changed", "count": 2})
    leads = {(await face.get(f"{EVENTS}/{number}")).json["event"]["attributes"]["LEAD_ID"] for number in range(1, 7)}
    assert len(leads) == 6


async def test_a_burst_shares_one_instant(face: Served) -> None:
    said = await face.post(EVENTS, {"event": "lead_changed", "count": 600})
    assert said.json["accepted"] == 600
    assert {one["occurs_at"] for one in said.json["events"]} == {at(0)}


async def test_a_long_list_lets_everything_else_take_its_turn(face: Served) -> None:
    """However few events each entry of it brings about."""
    seen: set[int] = set()

    async def look() -> None:
        while True:
            seen.add(face.sim.tally.events)
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    await face.post(EVENTS, [{"event": "lead_changed", "count": 9}] * 50)
    looking.cancel()
    assert seen - {0, 450}


async def test_one_event_has_none_to_wait_for(face: Served) -> None:
    """`every` lies between one and the next."""
    said = await face.post(EVENTS, {"event": "lead_changed", "every": "29000d"})
    assert (said.status, said.json["accepted"]) == (202, 1)
    said = await face.post(EVENTS, {"event": "lead_changed", "count": 2, "every": "29000d"})
    assert said.status == 422


async def test_a_drawn_out_burst_lies_in_the_virtual_future(face: Served) -> None:
    said = await face.post(EVENTS, {"event": "lead_changed", "count": 3, "every": "1h"})
    assert [(one["id"], one["occurs_at"]) for one in said.json["events"]] == [
        (1, at(0)),
        (None, at(3_600)),
        (None, at(7_200)),
    ]
    await face.advance(7_200)
    assert (await face.get(f"{EVENTS}/3")).json["event"]["occurred_at"] == at(7_200)


async def test_a_story_occurs_in_its_time(face: Served) -> None:
    said = await face.post(EVENTS, {"story": "agreement_signed", "attributes": {"AGREEMENT_ID": "a1"}})
    assert [one["event"] for one in said.json["events"]] == ["agreement_status_changed"] * 3
    last = said.json["events"][-1]["occurs_at"]
    await face.settle()
    told = [(await face.get(f"{EVENTS}/{number}")).json["event"] for number in (1, 2, 3)]
    assert [one["attributes"]["STATUS"] for one in told] == ["sent", "viewed", "signed"]
    assert {one["attributes"]["AGREEMENT_ID"] for one in told} == {"a1"}
    assert told[-1]["occurred_at"] == last


async def test_what_lies_in_the_future_survives_a_restart(tmp_path: Path) -> None:
    """Every event the API accepted occurs, at its instant, and once."""
    path = tmp_path / "kept.sqlite"
    async with served(path=path) as before:
        said = await before.post(EVENTS, {"event": "lead_changed", "count": 5, "every": "1h"})
        await before.advance(3_600)
    async with served(path=path) as after:
        assert (await after.get("/simulator/clock")).json["planned"] == 3
        await after.advance(4 * 3_600)
        occurred = [(await after.get(f"{EVENTS}/{number}")).json["event"]["occurred_at"] for number in range(1, 6)]
        assert occurred == [one["occurs_at"] for one in said.json["events"]]
        assert (await after.get(f"{EVENTS}/6")).status == 404


async def test_after_a_restart_no_id_is_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    leads = set()
    for _ in range(3):
        async with served(path=path) as face:
            await face.post(EVENTS, {"event": "lead_changed", "count": 2, "every": "1m"})
            await face.advance(60)
            rows = face.sim.ledger.db.query("SELECT attributes FROM events")
            leads = {row["attributes"] for row in rows}
    assert len(leads) == 6


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"event": "lead_chnged"}, "event", 'did you mean "lead_changed"?'),
        ({"event": "agreement_status_changed", "attributes": {"STATUS": "sgned"}}, "attributes.STATUS", "signed"),
        ({"event": "lead_changed", "attributes": {"LED_ID": "1"}}, "attributes.LED_ID", 'did you mean "LEAD_ID"?'),
        ({"event": "lead_changed", "attributes": {"LEAD_ID": 7}}, "attributes.LEAD_ID", "should be a valid string"),
        ({"story": "agreement_sined"}, "story", 'did you mean "agreement_signed"?'),
        ({"story": "agreement_signed", "attributes": {"NO": "1"}}, "attributes.NO", "agreement_signed"),
        ({"story": "agreement_signed", "lenient": True}, None, "lenient is for events"),
        ({"event": "lead_changed", "story": "agreement_signed"}, None, "one of the two"),
        ({}, None, "one of the two"),
        ({"event": "lead_changed", "cout": 3}, "cout", 'did you mean "count"?'),
        ({"event": "lead_changed", "attributes": {"x" * 201: ""}}, f"attributes.{'x' * 201}", "is too long"),
        ({"event": "lead_changed", "tenant": ""}, "tenant", "is too short; at least 1 character"),
        ({"event": "lead_changed", "tenant": "a\x00b"}, "tenant", "holds a control character; write plain text"),
        ({"event": "x" * 201}, "event", "is too long; at most 200 characters"),
        ({"event": "lead_changed", "count": 0}, "count", "greater than or equal to 1"),
        ({"event": "lead_changed", "count": 10_001}, "count", "less than or equal to 10000"),
        ({"event": "lead_changed", "count": "3"}, "count", "valid integer"),
        ({"event": "lead_changed", "every": "soon"}, "every", "is not a duration"),
        ({"event": "lead_changed", "every": 60}, "every", "duration in text"),
        ({"event": "lead_changed", "count": 9_000, "every": "365d"}, "every", "where the calendar ends"),
        ([{"event": "lead_changed"}, {"event": "nothing"}], "[1].event", "there is no event"),
        ([{"event": "lead_changed", "count": 6_000}] * 2, "count", "10000 events"),
        ([], None, "1 to 1000 entries"),
    ],
)
async def test_what_cannot_occur_is_refused_as_a_whole(face: Served, body: object, field: str, words: str) -> None:
    """E1: each fault names its field and what is allowed; nothing occurs."""
    said = await face.post(EVENTS, body)
    assert said.status == 422
    assert field in said.fields
    assert words in said.words
    assert (await face.get(f"{EVENTS}/1")).status == 404


async def test_all_faults_are_told_at_once(face: Served) -> None:
    said = await face.post(EVENTS, [{"event": "a"}, {"event": "lead_changed", "attributes": {"X": "", "Y": ""}}])
    assert said.fields == ["[0].event", "[1].attributes.X", "[1].attributes.Y"]


async def test_lenient_lets_the_unfamiliar_through_on_purpose(face: Served) -> None:
    """E1"""
    face.subscribe("agreement_status_changed")
    attributes = {"STATUS": "brand-new", "NOVELTY": "1"}
    number = await face.emit("agreement_status_changed", attributes=attributes, lenient=True)
    event = (await face.get(f"{EVENTS}/{number}")).json["event"]
    assert attributes.items() <= event["attributes"].items()


async def test_an_event_shows_its_deliveries(face: Served) -> None:
    subscription = face.subscribe()
    number = await face.emit()
    await face.advance(0)
    told = (await face.get(f"{EVENTS}/{number}")).json
    (delivery,) = told["deliveries"]
    assert delivery["subscription_id"] == subscription.id
    assert delivery["state"] == "delivered"
    assert told["silence"] == []


@pytest.mark.parametrize("number", ["0", "2", "999999999999999", "9" * 30, "x", "-1", "٣"])
async def test_an_event_that_does_not_exist_is_not_found(face: Served, number: str) -> None:
    await face.emit()
    said = await face.get(f"{EVENTS}/{number}")
    assert said.status == 404
    assert "there is no event" in said.words


class TestWhyNothingFired:
    async def said_of(self, face: Served, **options: object) -> str:
        number = await face.emit(**options)
        told = (await face.get(f"{EVENTS}/{number}")).json
        assert told["deliveries"] == []
        return "\n".join(told["silence"])

    async def test_no_subscription_wants_it(self, face: Served) -> None:
        face.subscribe("lead_created")
        assert await self.said_of(face) == "no subscription wants lead_changed, in no tenant"

    async def test_the_subscription_is_of_another_tenant(self, face: Served) -> None:
        face.subscribe(tenant="acme", name="crm")
        assert 'the subscription "crm" is of another tenant, "acme"; the event is of "demo"' in await self.said_of(face)

    async def test_the_subscription_was_deleted(self, face: Served) -> None:
        face.sim.subscriptions.delete(face.subscribe(name="crm").id)
        assert 'the subscription "crm" had been deleted' in await self.said_of(face)

    async def test_the_subscription_wanted_another_event_then(self, face: Served) -> None:
        crm = face.subscribe("lead_created", name="crm")
        number = await face.emit()
        await face.advance(1)
        face.sim.subscriptions.update(crm.id, {"event": "lead_changed"})
        silence = (await face.get(f"{EVENTS}/{number}")).json["silence"]
        assert silence == ['the subscription "crm" wanted lead_created at that instant']

    @pytest.mark.parametrize("moved", [False, True])
    async def test_at_one_instant_whoever_came_after_the_event_was_not_asked(
        self, face: Served, *, moved: bool
    ) -> None:
        """A trainer's clock stands: the subscription comes after the event and at the same instant."""
        crm = face.subscribe("lead_created", name="crm") if moved else None
        number = await face.emit()
        if crm:
            face.sim.subscriptions.update(crm.id, {"event": "lead_changed"})
        else:
            face.subscribe(name="crm")
        (reason,) = (await face.get(f"{EVENTS}/{number}")).json["silence"]
        assert reason == (
            'the subscription "crm" wanted lead_created at that instant'
            if moved
            else f'the subscription "crm" was made later, at {at(0)}'
        )

    async def test_those_of_the_same_tenant_are_told_first_and_many_are_summed_up(self, face: Served) -> None:
        for number in range(12):
            face.subscribe(tenant=f"tenant-{number}", name=f"other-{number}")
        face.sim.subscriptions.delete(face.subscribe(name="crm").id)
        said = (await self.said_of(face)).splitlines()
        assert said[0].startswith('the subscription "crm" had been deleted')
        assert len(said) == 9
        assert said[-1] == "and more subscriptions that were not asked"

    async def test_the_subscription_was_made_later(self, face: Served) -> None:
        number = await face.emit()
        await face.advance(1)
        face.subscribe(name="crm")
        silence = (await face.get(f"{EVENTS}/{number}")).json["silence"]
        assert silence == [f'the subscription "crm" was made later, at {at(1)}']

    async def test_the_application_is_not_enabled(self, face: Served) -> None:
        """S13"""
        definition = {
            "event": "lead_changed",
            "url_template": "https://localhost/<TENANT_ID>/<SESSION_TOKEN>",
            "header_auth_key": "X-Token",
            "header_auth_value": "s",
        }
        body = {"application": "app", "name": "partner", "definition": definition}
        assert (await face.post("/simulator/subscriptions", body)).status == 201
        assert '"partner" is of an application that the tenant "demo" has not enabled' in await self.said_of(face)

    async def test_a_filter_refused_it(self, face: Served) -> None:
        """E3: it leaves a delivery that says so."""
        filters = [{"url_parameter": "STATUS", "value": ["signed"]}]
        face.subscribe("agreement_status_changed", filters=filters)
        number = await face.emit("agreement_status_changed", attributes={"STATUS": "sent"})
        (delivery,) = (await face.get(f"{EVENTS}/{number}")).json["deliveries"]
        assert delivery["state"] == "filtered"
        assert delivery["reason"] == 'filter STATUS wants "signed"; the event has "sent" (E3)'

    async def test_the_subscription_was_disabled(self, face: Served) -> None:
        """R8: it leaves a delivery that says so."""
        face.subscribe(enabled=False)
        number = await face.emit()
        (delivery,) = (await face.get(f"{EVENTS}/{number}")).json["deliveries"]
        assert delivery["state"] == "cancelled"
        assert "disabled when the event occurred" in delivery["reason"]


async def test_ten_thousand_events_in_one_burst_all_arrive_and_nobody_waits(face: Served) -> None:
    """The health check is answered again and again while the burst comes in."""
    face.subscribe()
    burst = asyncio.create_task(face.post(EVENTS, {"event": "lead_changed", "count": 10_000}))
    answered_meanwhile = 0
    while not burst.done():
        assert (await face.get("/simulator/health")).status == 200
        answered_meanwhile += 1
    assert (await burst).json["accepted"] == 10_000
    assert answered_meanwhile > 3
    await face.advance(1)
    counts = face.sim.ledger.db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall()
    assert counts == [("delivered", 10_000)]


class TestListing:
    async def some_events(self, face: Served) -> None:
        """Seven: 1 to 3 reach somebody, 4 is filtered, 5 to 7 reach nobody."""
        face.subscribe(name="crm")
        face.subscribe("agreement_status_changed", filters=[{"url_parameter": "STATUS", "value": ["signed"]}])
        await face.emit(count=3)
        await face.emit("agreement_status_changed", attributes={"STATUS": "sent"})
        await face.advance(60)
        await face.emit(tenant="acme", count=2)
        await face.emit("lead_created")

    async def ids(self, face: Served, query: str = "") -> list[int]:
        said = await face.get(f"{EVENTS}{query}")
        assert said.status == 200, said.json
        return [one["id"] for one in said.json["events"]]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [7, 6, 5, 4, 3, 2, 1]),
            ("?silent=true", [7, 6, 5]),
            ("?silent=false", [4, 3, 2, 1]),
            ("?event=lead_changed", [6, 5, 3, 2, 1]),
            ("?tenant=acme", [6, 5]),
            (f"?since={at(60)}", [7, 6, 5]),
            (f"?until={at(60)}", [4, 3, 2, 1]),
            ("?silent=true&tenant=demo", [7]),
            ("?cursor=3", [2, 1]),
            ("?limit=2&silent=true", [7, 6]),
            ("?event=project_deleted", []),
        ],
    )
    async def test_the_newest_come_first_and_can_be_chosen(self, face: Served, query: str, found: list[int]) -> None:
        await self.some_events(face)
        assert await self.ids(face, query) == found

    async def test_page_by_page_every_event_comes_once(self, face: Served) -> None:
        await self.some_events(face)
        seen, cursor = [], ""
        while cursor is not None:
            said = (await face.get(f"{EVENTS}?limit=3{cursor and f'&cursor={cursor}'}")).json
            seen += [one["id"] for one in said["events"]]
            cursor = said["next"]
        assert seen == [7, 6, 5, 4, 3, 2, 1]

    async def test_each_says_what_it_left_and_where_that_is_nothing_why(self, face: Served) -> None:
        await self.some_events(face)
        told = {one["id"]: one for one in (await face.get(EVENTS)).json["events"]}
        assert {number: one["deliveries"] for number, one in told.items()} == {1: 1, 2: 1, 3: 1, 4: 1, 5: 0, 6: 0, 7: 0}
        assert [bool(told[number]["silence"]) for number in range(1, 8)] == [False] * 4 + [True] * 3
        assert "is of another tenant" in told[5]["silence"][0]
        assert told[7]["silence"] == ["no subscription wants lead_created, in no tenant"]
        assert told[4]["attributes"]["STATUS"] == "sent"
        assert told[5]["occurred_at"] == at(60)

    @pytest.mark.parametrize("query", ["?silent=maybe", "?limit=0", "?limit=201", "?cursor=x", "?since=soon", "?a=1"])
    async def test_what_makes_no_sense_is_refused(self, face: Served, query: str) -> None:
        assert (await face.get(f"{EVENTS}{query}")).status == 422


class TestSamples:
    SAMPLES = "/simulator/samples"

    @pytest.mark.parametrize("event", AURORA.catalogue)
    async def test_a_sample_can_be_emitted_as_it_is(self, face: Served, event: str) -> None:
        """E1"""
        told = (await face.get(f"{self.SAMPLES}?event={event}")).json
        assert list(told["attributes"]) == list(AURORA.catalogue[event].attributes)
        number = await face.emit(event, attributes=told["attributes"])
        occurred = (await face.get(f"{EVENTS}/{number}")).json["event"]
        assert occurred["attributes"] == told["attributes"]

    async def test_to_ask_makes_nothing_occur_and_the_same_again_is_the_same(self, face: Served) -> None:
        first = (await face.get(f"{self.SAMPLES}?event=lead_changed")).json
        assert (await face.get(f"{self.SAMPLES}?event=lead_changed")).json == first
        assert (await face.get(EVENTS)).json["events"] == []

    async def test_another_turn_and_the_next_event_have_other_ids(self, face: Served) -> None:
        ids = [(await face.get(f"{self.SAMPLES}?event=lead_changed&turn={turn}")).json for turn in (0, 1)]
        await face.emit()
        ids.append((await face.get(f"{self.SAMPLES}?event=lead_changed")).json)
        assert len({one["attributes"]["LEAD_ID"] for one in ids}) == 3

    async def test_an_event_that_does_not_exist_has_none(self, face: Served) -> None:
        said = await face.get(f"{self.SAMPLES}?event=lead_chnged")
        assert (said.status, said.fields) == (422, ["event"])
        assert 'did you mean "lead_changed"?' in said.words
