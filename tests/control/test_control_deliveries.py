"""`GET /simulator/deliveries[/{id}]` and `POST /simulator/deliveries/{id}/resend`."""

from __future__ import annotations

from typing import Any

import pytest
from served import NOBODY, Served, at, served, status

DELIVERIES = "/simulator/deliveries"


async def ids_of(face: Served, query: str = "") -> list[int]:
    said = await face.get(f"{DELIVERIES}{query}")
    assert said.status == 200, said.json
    return [one["id"] for one in said.json["deliveries"]]


async def test_a_filter_that_stands_twice_is_refused_rather_than_half_heard(face: Served) -> None:
    said = await face.get("/simulator/deliveries?state=exhausted&state=cancelled")
    assert said.status == 422
    assert said.json["errors"] == [{"field": "state", "message": "stands 2 times in the query; write it once"}]


@pytest.mark.parametrize("path", [DELIVERIES, "/simulator/events"])
async def test_a_filter_by_an_event_that_cannot_occur_names_those_that_can(face: Served, path: str) -> None:
    said = await face.get(f"{path}?event=lead_chnged")
    assert (said.status, said.fields) == (422, ["event"])
    assert said.words.startswith('there is no event "lead_chnged" (did you mean "lead_changed"?); the 26 events are ')
    assert (await face.get(f"{path}?event=lead_changed")).status == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/simulator/clock?format=x", "there is no such parameter; none is taken here"),
        ("/simulator/snapshot?format=x", "there is no such parameter; none is taken here"),
        ("/simulator/deliveries/1?format=x", "there is no such parameter; none is taken here"),
        ("/simulator/report?fromat=x&format=json", 'there is no such field (did you mean "format"?); there are format'),
    ],
)
async def test_a_parameter_that_nobody_reads_is_refused(face: Served, path: str, words: str) -> None:
    said = await face.get(path)
    assert said.status == 422
    assert said.words == words
    assert said.fields[0] in {"format", "fromat"}


@pytest.mark.parametrize("path", [DELIVERIES, "/simulator/events"])
@pytest.mark.parametrize("tenant", ["%00", "a%0Ab", "%7F"])
async def test_a_tenant_is_one_line_of_text(face: Served, path: str, tenant: str) -> None:
    said = await face.ask("GET", f"{path}?tenant={tenant}", encoded=True)
    assert (said.status, said.fields) == (422, ["tenant"])
    assert said.words == "holds a control character; write plain text"


async def test_a_delivery_is_shown_as_in_a_report_with_its_attempts(face: Served) -> None:
    subscription = face.subscribe(header_auth_key="X-Token", header_auth_value="s3cret")
    await face.emit(attributes={"LEAD_ID": "7"})
    await face.advance(0)
    told = (await face.get(f"{DELIVERIES}/1")).json
    assert told["subscription_id"] == subscription.id
    assert told["occurred_at"] == at(0)
    assert told["attributes"] == {"LEAD_ID": "7"}
    (attempt,) = told["attempts"]
    assert (attempt["number"], attempt["outcome"], attempt["status"]) == (1, "success", 200)
    assert attempt["url"] == f"{NOBODY}/in"


async def test_a_pending_delivery_says_when_it_is_due() -> None:
    async with served(status(503)) as face:
        face.subscribe()
        await face.emit()
        await face.advance(0)
        told = (await face.get(f"{DELIVERIES}/1")).json
        assert (told["state"], told["next_due_at"]) == ("pending", at(30))


@pytest.mark.parametrize("number", ["2", "9" * 40, "one"])
async def test_a_delivery_that_does_not_exist_is_not_found(face: Served, number: str) -> None:
    assert (await face.get(f"{DELIVERIES}/{number}")).status == 404


async def test_the_newest_come_first_and_pages_go_on_where_the_last_one_ended(face: Served) -> None:
    face.subscribe()
    await face.emit(count=5)
    page = (await face.get(f"{DELIVERIES}?limit=2")).json
    assert [one["id"] for one in page["deliveries"]] == [5, 4]
    page = (await face.get(f"{DELIVERIES}?limit=2&cursor={page['next']}")).json
    assert [one["id"] for one in page["deliveries"]] == [3, 2]
    page = (await face.get(f"{DELIVERIES}?limit=2&cursor={page['next']}")).json
    assert [one["id"] for one in page["deliveries"]] == [1]
    assert page["next"] is None


async def test_what_begins_meanwhile_moves_nothing_from_page_to_page(face: Served) -> None:
    face.subscribe()
    await face.emit(count=6)
    seen: list[int] = []
    cursor = ""
    while True:
        page = (await face.get(f"{DELIVERIES}?limit=2{cursor}")).json
        seen += [one["id"] for one in page["deliveries"]]
        await face.emit(count=3)
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [6, 5, 4, 3, 2, 1]


class TestFilters:
    @pytest.fixture
    async def face(self) -> Any:
        """Two tenants, two events; the receiver of `crm` is gone."""
        async with served(lambda request, _: status(410 if "crm" in request.url else 200)(request, _)) as face:
            face.subscribe(name="crm", url_template=f"{NOBODY}/crm")
            face.subscribe("lead_created", name="jobs")
            face.subscribe(tenant="acme", name="acme")
            await face.emit()  # 1 crm
            await face.emit("lead_created")  # 2 jobs
            await face.advance(60)
            await face.emit(tenant="acme")  # 3 acme
            await face.settle()
            yield face

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("", [3, 2, 1]),
            ("?state=delivered", [3, 2]),
            ("?state=exhausted", [1]),
            ("?state=exhausted,delivered", [3, 2, 1]),
            ("?state=pending", []),
            ("?subscription=jobs", [2]),
            ("?event=lead_changed", [3, 1]),
            ("?event_id=2", [2]),
            ("?tenant=acme", [3]),
            ("?tenant=nobody", []),
            (f"?since={at(60)}", [3]),
            (f"?until={at(60)}", [2, 1]),
            (f"?since={at(0)}&until={at(1)}&tenant=demo&state=exhausted", [1]),
        ],
    )
    async def test_deliveries_can_be_narrowed(self, face: Served, query: str, ids: list[int]) -> None:
        assert await ids_of(face, query.replace("+", "%2B")) == ids

    async def test_a_subscription_is_found_by_id_as_well(self, face: Served) -> None:
        jobs = face.sim.roster.named("jobs")
        assert await ids_of(face, f"?subscription={jobs.id}") == [2]

    async def test_an_unknown_subscription_is_not_found(self, face: Served) -> None:
        said = await face.get(f"{DELIVERIES}?subscription=job")
        assert said.status == 404
        assert 'did you mean "jobs"?' in said.words


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("cursor=-1", "cursor"),
        ("cursor=1e3", "cursor"),
        ("cursor=99999999999999999999", "cursor"),
        ("state=lost", "state[0]"),
        ("since=yesterday", "since"),
        ("sincce=2026-01-01", "sincce"),
    ],
)
async def test_a_query_that_cannot_be_is_refused(face: Served, query: str, field: str) -> None:
    said = await face.get(f"{DELIVERIES}?{query}")
    assert (said.status, said.fields) == (422, [field])


class TestResend:
    async def test_a_past_delivery_is_sent_again_with_a_fresh_chain(self, face: Served) -> None:
        """R10"""
        face.subscribe()
        await face.emit()
        await face.advance(0)
        said = await face.post(f"{DELIVERIES}/1/resend")
        assert (said.status, said.json["state"], said.json["next_due_at"]) == (200, "pending", at(0))
        await face.advance(0)
        told = (await face.get(f"{DELIVERIES}/1")).json
        assert [(one["number"], one["chain"]) for one in told["attempts"]] == [(1, 1), (2, 2)]

    async def test_a_delivery_of_a_disabled_subscription_is_refused(self, face: Served) -> None:
        subscription = face.subscribe()
        await face.emit()
        await face.advance(0)
        face.sim.subscriptions.disable(subscription.id)
        said = await face.post(f"{DELIVERIES}/1/resend")
        assert said.status == 409
        assert "its subscription is disabled" in said.words

    async def test_after_thirty_days_it_is_refused(self, face: Served) -> None:
        face.subscribe()
        await face.emit()
        await face.advance(30 * 86_400)
        assert (await face.post(f"{DELIVERIES}/1/resend")).status == 200
        await face.advance(1)
        said = await face.post(f"{DELIVERIES}/1/resend")
        assert (said.status, "more than 30 days ago" in said.words) == (409, True)

    async def test_a_delivery_that_does_not_exist_is_not_found(self, face: Served) -> None:
        assert (await face.post(f"{DELIVERIES}/1/resend")).status == 404
