"""What can only be looked at: catalogue, snapshot, report, health, metrics."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import Served, SilentWire, at, served, status

from simulator.control import snapshot
from simulator.domain.outcome import Kind
from simulator.errors import StoreUnusable
from simulator.providers import AURORA


async def test_the_catalogue_lists_every_event_and_every_story(face: Served) -> None:
    told = (await face.get("/simulator/catalogue")).json
    assert [one["event"] for one in told["events"]] == list(AURORA.catalogue)
    assert [one["story"] for one in told["stories"]] == list(AURORA.stories)
    agreement = next(one for one in told["events"] if one["event"] == "agreement_status_changed")
    assert agreement["attributes"] == ["PROJECT_ID", "AGREEMENT_ID", "STATUS"]
    assert "signed" in agreement["filters"]["STATUS"]
    listed = {one["event"]: one["listed"] for one in told["events"] if one["listed"]}
    assert listed == {name: sorted(kind.listed) for name, kind in AURORA.catalogue.items() if kind.listed}


async def some_history(face: Served) -> None:
    face.subscribe(name="crm")
    face.subscribe("agreement_status_changed", filters=[{"url_parameter": "STATUS", "value": ["signed"]}])
    await face.emit(count=2)
    await face.emit("agreement_status_changed", attributes={"STATUS": "sent"})
    await face.post("/simulator/faults", {"kind": "dns", "for": "1h"})


@pytest.mark.parametrize("kept", [False, True])
async def test_a_snapshot_has_the_shape_of_a_report_and_a_cursor(tmp_path: Path, *, kept: bool) -> None:
    async with served(status(503), **({"path": tmp_path / "kept.sqlite"} if kept else {})) as face:
        await some_history(face)
        await face.advance(60)
        shot = (await face.get("/simulator/snapshot")).json
        report = (await face.get("/simulator/report")).json
        assert shot["cursor"] == face.desk.feed.cursor
        assert shot["live"]["now"] == at(60)
        for part in ("deliveries", "totals", "ladder_seconds", "disable", "schema", "readings"):
            assert shot[part] == report[part], part
        for theirs, ours in ((report["faults"], shot["faults"]), (report["subscriptions"], shot["subscriptions"])):
            assert all(one.items() <= other.items() for one, other in zip(theirs, ours, strict=True))


async def test_a_snapshot_holds_the_newest_events(face: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "MOST_EVENTS", 3)
    await face.emit(count=5)
    assert [one["id"] for one in (await face.get("/simulator/snapshot")).json["events"]] == [3, 4, 5]


async def test_a_snapshot_shows_what_is_on_the_wire() -> None:
    """An attempt under way has no end and no outcome: the page draws it so."""
    async with served(wire=SilentWire()) as face:
        face.subscribe()
        await face.emit()
        (delivery,) = (await face.get("/simulator/snapshot")).json["deliveries"]
        (attempt,) = delivery["attempts"]
        assert (attempt["number"], attempt["ended_at"], attempt["outcome"]) == (1, None, None)
        assert (await figures(face))["attempts_on_wire"] == 1


async def test_the_report_comes_as_a_page_as_well(face: Served) -> None:
    await some_history(face)
    async with face.client.get(f"{face.url}/simulator/report?format=html") as answer:
        assert answer.content_type == "text/html"
        assert (await answer.text()).startswith("<!doctype html>")
    assert (await face.get("/simulator/report?format=pdf")).status == 422


async def test_health_says_that_it_runs(face: Served) -> None:
    said = await face.get("/simulator/health")
    assert (said.status, said.json["status"], said.json["provider"]) == (200, "ok", "aurora")


async def test_health_says_why_the_engine_stopped_and_nothing_is_accepted_any_more(face: Served) -> None:
    face.sim.fail(StoreUnusable("run.sqlite: the disk is full; nothing that was accepted before is lost"))
    said = await face.get("/simulator/health")
    assert (said.status, said.json["status"]) == (503, "failed")
    assert "the disk is full" in said.json["failure"]
    refused = await face.post("/simulator/events", {"event": "lead_changed"})
    assert refused.status == 503
    assert "the disk is full" in refused.words
    assert (await face.get("/simulator/clock")).json["failure"] == said.json["failure"]


async def figures(face: Served) -> dict[str, float]:
    text = (await face.get("/metrics")).json
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("aurora_sim_"): float(value) for name, _, value in lines}


async def test_metrics_count_what_happened() -> None:
    async with served(status(503)) as face:
        face.subscribe()
        await face.emit(count=3)
        await face.emit(count=2, every="1h")
        await face.advance(0)
        told = await figures(face)
        assert told['attempts_total{outcome="server_error"}'] == 4
        assert told['attempts_total{outcome="success"}'] == 0
        assert told["events_total"] == 4
        assert told["events_planned"] == 1
        assert told["deliveries_pending"] == 4
        assert told["deliveries_due"] == 0
        assert told["clock_rate"] == 0
        assert told["up"] == 1
        assert told["attempt_lateness_seconds_count"] == 4
        assert told['attempt_lateness_seconds_bucket{le="+Inf"}'] == 4
        assert told["event_loop_lag_seconds"] >= 0


async def test_metrics_are_in_prometheus_text_format(face: Served) -> None:
    said = await face.get("/metrics")
    assert said.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = said.json.splitlines()
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
    assert typed == helped
    assert said.json.endswith("\n")
    shown = {line.partition("{")[0].partition(" ")[0] for line in lines if not line.startswith("#")}
    assert {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in shown} == typed
    assert sum("attempts_total{" in line for line in lines) == len(Kind)
