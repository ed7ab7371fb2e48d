"""What a kept session says, what it leaves unsaid, and what it admits: the file that a person gets to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kept_sessions import RECEIVER, Person, capricious, perform, told, well

from simulator.clock.clock import Clock
from simulator.clock.pace import PAUSED
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.domain.sample import HOSTILE
from simulator.domain.subscription import Owner
from simulator.engine.simulation import Simulation
from simulator.errors import Refused
from simulator.providers import AURA
from simulator.report.noted import opening
from simulator.scenario.kept import session as kept_session
from simulator.scenario.kept.keep import Kept, kept_scenario
from simulator.scenario.library import shipped_files
from simulator.scenario.load import load_scenario, parse_scenario
from simulator.scenario.run import Conditions, run_scenario
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Disable, Emit, Enable, Update
from simulator.store.database import MEMORY, open_database
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire

START = 1_772_816_400 * SECOND


async def kept(*acts: tuple[Any, ...], answer: Any = well, facts: dict[str, Any] | None = None) -> Kept:
    """The file of a session in which these acts were done, and which then settled."""
    person = Person(answer)
    person.ledger.note(facts or {})
    await person.do_and_wait(acts)
    await person.settle()
    await person.leave()
    return kept_scenario(person.ledger.db)


def read(file: Kept) -> Scenario:
    return parse_scenario(file.text, file.name)


def lines(file: Kept) -> list[str]:
    """The steps as they are written."""
    section = file.text.split("timeline:\n")[1].split("\nexpect:")[0]
    return [line.strip().removeprefix("- ") for line in section.splitlines() if line.strip().startswith("- ")]


# ---- what people did


async def test_acts_are_steps_at_their_instants_and_what_followed_by_itself_is_none() -> None:
    file = await kept(
        ("subscribe", 0),
        ("wait", 60),
        ("emit", 0),
        ("wait", 60),
        ("fault", FaultKind.REFUSE, 400, 0, 1.0),
        ("emit", 0),
        ("wait", 10),
        ("disable", 0),
        ("wait", 10),
        ("enable", 0),
        ("resend", 1),
    )
    assert lines(file) == [
        '{at: +1m, emit: {event: lead_changed, attributes: {LEAD_ID: "7"}}}',
        '{at: +2m, fault: {name: "f1", refuse: {for: 6m 40s, subscription: "lead_changed-1"}}}',
        '{at: +2m, emit: {event: lead_changed, attributes: {LEAD_ID: "7"}}}',
        '{at: +2m 10s, disable: "lead_changed-1"}',
        '{at: +2m 20s, enable: "lead_changed-1"}',
        '{at: +2m 20s, resend: {subscription: "lead_changed-1", delivery: 2}}',
    ]
    assert file.remarks == ()


async def test_an_automatic_disable_is_no_step_and_is_expected_to_come_again_r7() -> None:
    fault = ("fault", FaultKind.REFUSE, None, None, 1.0)
    file = await kept(("subscribe", 0), fault, *[("emit", 0)] * 6, ("wait", 60))
    assert not any("disable" in line for line in lines(file))
    (entry,) = (one.entry.disabled for one in read(file).expectations if one.entry.disabled)
    assert entry.reason is not None
    assert entry.reason.startswith("auto-disabled")


async def test_a_subscription_made_later_is_registered_in_its_place() -> None:
    file = await kept(("subscribe", 0), ("emit", 0), ("wait", 5), ("subscribe", 1))
    assert [one.name for one in read(file).subscriptions] == ["lead_changed-1"]
    assert lines(file)[1].startswith('{at: +5s, register: {name: "lead_created-2", event: lead_created')


async def test_acts_of_one_instant_come_in_turns_where_their_order_showed_r13() -> None:
    file = await kept(
        ("subscribe", 0), ("emit", 0), ("fault", FaultKind.REFUSE, 20, None, 1.0), ("emit", 0), ("wait", 60)
    )
    assert [line.split(", ")[1] for line in lines(file)] == ["emit: {event: lead_changed", "turn: 2", "turn: 2"]


async def test_what_was_expected_is_what_happened() -> None:
    file = await kept(("subscribe", 0), ("emit", 0), ("wait", 5), ("emit", 0))
    assert file.text.split("expect:\n")[1].splitlines() == [
        '  - {delivered: {subscription: "lead_changed-1", count: 2}}',
        '  - {pending: {subscription: "lead_changed-1", count: 0}}',
        '  - {attempts: {subscription: "lead_changed-1", count: 2}}',
        '  - {disabled: {subscription: "lead_changed-1", never: true}}',
    ]


# ---- what is never written, and what is written otherwise


async def test_secrets_are_never_written_and_a_rotated_one_is_seen_to_be_another_s7() -> None:
    token = {"header_auth_key": "X-Token", "header_auth_value": "hunter2"}
    person = Person(well)
    person.subscribe(0, **token, basic_auth_username="crm", basic_auth_password="swordfish")
    person.emit(0)
    await person.wait(10)
    person.update(0, {"header_auth_value": "hunter3"})
    person.update(0, {"header_auth_key": "", "header_auth_value": ""})
    await person.settle()
    await person.leave()
    file = kept_scenario(person.ledger.db)
    assert not any(secret in file.text for secret in ("hunter2", "hunter3", "swordfish"))
    assert "header_auth_value: change-me\n" in file.text
    assert 'basic_auth_password: "change-me-2"' in file.text
    assert '{at: +10s, update: {subscription: "lead_changed-1", header_auth_value: "change-me-3"}}' in file.text
    assert 'header_auth_key: "", header_auth_value: ""' in file.text
    assert file.remarks == ("Secrets are not written here (3): put them where it says change-me.",)


async def test_the_embedded_receiver_is_a_placeholder_wherever_it_stood_before() -> None:
    """A receiver that `serve` starts has another port each time, and its subscriptions follow it."""
    person = Person(well, receiver="http://127.0.0.1:41001")
    person.subscribe(0)
    person.emit(0)
    await person.wait(5)
    person.update(0, {"url_template": f"{RECEIVER}/lead_changed?id=<LEAD_ID>"})
    person.sim.subscriptions.register("demo", {"event": "lead_created", "url_template": "http://localhost:8000/x"})
    await person.leave()
    person.ledger.note({"receiver": RECEIVER, "receiver_kind": "redirects"})
    scenario = read(kept_scenario(person.ledger.db))
    assert scenario.receiver == "redirects"
    assert scenario.subscriptions[0].words["url_template"] == "{receiver}/lead_changed?id=<LEAD_ID>"
    assert "41001" not in scenario.source
    assert "http://localhost:8000/x" in scenario.source


async def test_hostile_texts_come_back_as_they_were() -> None:
    person = Person(well)
    words = (*HOSTILE, "no", "1e5", "0x1f", "null", "~", "- a", "a: b", "line\nbreak", "\u2028", "1:30", "true")
    for word in words:
        person.sim.emit("no", "lead_created", {"LEAD_ID": word, "SOURCE": "fax"}, lenient=True)
    await person.leave()
    steps = [step for step in read(kept_scenario(person.ledger.db)).timeline if isinstance(step, Emit)]
    assert tuple(step.attributes["LEAD_ID"] for step in steps) == words
    assert {(step.tenant, step.lenient) for step in steps} == {("no", True)}


async def test_two_of_one_name_are_told_apart() -> None:
    person = Person(well)
    for _ in range(2):
        person.sim.subscriptions.register("demo", {"event": "lead_changed", "url_template": RECEIVER}, name="crm")
    await person.leave()
    assert [one.name for one in read(kept_scenario(person.ledger.db)).subscriptions] == ["crm", "crm-2"]


async def test_a_registration_that_replaces_another_needs_no_deletion_a2() -> None:
    ledger, sim = serving_aura()
    words = {"url": f"{RECEIVER}/in", "events": ["NEW_CALLOUT"], "headers": {"Authorization": "Bearer hunter2"}}
    for _ in range(2):
        sim.subscriptions.register("demo", words)
        await sim.clock.advance(10 * SECOND)
    await sim.stop()
    file = kept_scenario(ledger.db)
    assert "delete" not in file.text
    assert "hunter2" not in file.text
    assert read(file).switches == {"allow_http": True}


async def test_a_receiver_that_had_another_port_is_found_where_nothing_follows_the_port() -> None:
    """A1: a registered URL may be the receiver's own, without a path; at the next start it has another port."""
    ledger, sim = serving_aura()
    made = sim.subscriptions.register("demo", {"url": "http://127.0.0.1:4001", "events": ["NEW_CALLOUT"]})
    await sim.clock.advance(10 * SECOND)
    sim.subscriptions.update(made.id, {"url": "http://127.0.0.1:4002"})
    ledger.note({"receiver": "http://127.0.0.1:4002", "receiver_kind": "aura-robust"})
    await sim.stop()
    file = kept_scenario(ledger.db)
    assert "127.0.0.1" not in file.text
    assert read(file).subscriptions[0].words["url"] == "{receiver}"


async def test_disabling_is_told_where_the_customers_words_know_no_such_field() -> None:
    """A registration of AURA says nothing of being enabled; somebody at the page may switch it off all the same."""
    ledger, sim = serving_aura()
    made = sim.subscriptions.register("demo", {"url": f"{RECEIVER}/in", "events": ["NEW_CALLOUT"]}, name="control room")
    for act in (sim.subscriptions.disable, sim.subscriptions.enable):
        await sim.clock.advance(10 * SECOND)
        act(made.id)
    sim.subscriptions.update(made.id, {})
    await sim.stop()
    steps = read(kept_scenario(ledger.db)).timeline
    assert [type(step) for step in steps] == [Disable, Enable, Update]


def serving_aura() -> tuple[Ledger, Simulation]:
    """A simulation of AURA, as `serve` begins one that has a receiver on this machine."""
    aura = AURA.for_this_machine()
    ledger = Ledger(MEMORY)
    facts = opening(aura, scenario="x", description="", seed=1, start=START, command="")
    ledger.note({key: value for key, value in facts.items() if key != "scenario"})
    return ledger, Simulation(aura, Clock(START, PAUSED), ScriptedWire(well), ledger, seed=1)


# ---- what a file cannot hold


async def test_pending_deliveries_are_told_and_nothing_is_expected_of_them() -> None:
    person = Person(capricious)
    person.sim.inject(Fault("out", FaultKind.REFUSE, START))
    person.subscribe(0)
    person.emit(0)
    await person.wait(5)
    await person.leave()
    file = kept_scenario(person.ledger.db)
    assert file.text.endswith("expect: []\n")
    (remark,) = file.remarks
    assert remark.startswith("Deliveries were pending (1 of lead_changed-1)")
    assert f"# {remark}\n" in file.text


async def test_planned_events_stand_behind_a_comment_sign() -> None:
    person = Person(well)
    person.sim.plan("demo", "lead_changed", {"LEAD_ID": "9"}, START + 90 * SECOND)
    await person.leave()
    file = kept_scenario(person.ledger.db)
    assert "  # Still to come: 1 event.\n" in file.text
    assert "  # - {at: +1m 30s, emit:" in file.text
    assert read(file).timeline == ()


async def test_subscriptions_of_applications_are_left_out_and_told_s13() -> None:
    person = Person(well)
    words = {
        "event": "lead_changed",
        "url_template": "https://example.com/<TENANT_ID>?t=<SESSION_TOKEN>",
        "header_auth_key": "X-Token",
        "header_auth_value": "hunter2",
    }
    person.sim.subscriptions.register_for(Owner("app", "application"), words)
    person.sim.emit("demo", "lead_changed", {"LEAD_ID": "1"})
    await person.leave()
    file = kept_scenario(person.ledger.db)
    assert any("1 subscription of partner applications" in remark for remark in file.remarks)
    assert "hunter2" not in file.text
    assert len(read(file).timeline) == 1


async def test_more_than_fits_is_told_with_numbers_and_never_dropped_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.scenario.kept.text.MOST_VALUES", 60)
    file = await kept(("subscribe", 0), *[("emit", 0), ("wait", 60)] * 8)
    assert len(lines(file)) == 3
    assert "Only the first 3 steps fit into a file, up to +2m; 5 steps are left out." in file.remarks
    assert file.text.endswith("expect: []\n")


async def test_a_session_of_too_many_deliveries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_session, "MOST_DELIVERIES", 1)
    with pytest.raises(Refused, match="2 deliveries, more than the 1"):
        await kept(("subscribe", 0), ("emit", 0), ("emit", 0))


def test_a_database_without_a_simulation_is_refused() -> None:
    db = open_database(MEMORY)
    with pytest.raises(Refused, match="holds no simulation"):
        kept_scenario(db)


async def test_what_a_host_needs_to_be_sent_to_is_in_the_command() -> None:
    person = Person(well)
    words = {"event": "lead_changed", "url_template": "https://staging.example.com/in?id=<LEAD_ID>"}
    person.sim.subscriptions.register("demo", words)
    await person.leave()
    text = kept_scenario(person.ledger.db).text
    assert "# Run it:    aurora-sim run session-2026-03-06.yaml --allow-host staging.example.com\n" in text


# ---- around and around


async def test_a_file_that_is_run_and_kept_again_is_the_same_file() -> None:
    """But for its title, which a run has of its own."""
    acts = [("subscribe", 0), ("emit", 0), ("fault", FaultKind.TLS, 90, 0, 0.5), ("emit", 0), ("wait", 600)]
    first = await kept(*acts, answer=capricious)
    again = await perform(first.text)
    again.note({"start": START, "provider": "aurora", "seed": 5, "readings": {}})
    second = kept_scenario(again.db)
    assert lines(second) == lines(first)


@pytest.mark.parametrize(
    "name",
    [
        "weekend-outage",
        "flaky-network",
        "lost-acknowledgement",
        "moved-to-another-event",
        "resend-too-late",
        "five-subscriptions",
        "aura/duplicates-and-a-repeat",
    ],
)
async def test_a_run_of_the_library_kept_and_run_again_over_http_is_the_same(name: str, tmp_path: Path) -> None:
    files = shipped_files()
    scenario = load_scenario(files.get(name) or Path("scenarios") / f"{name}.yaml")
    records = []
    for turn in ("first", "second"):
        path = tmp_path / f"{turn}.sqlite"
        report = await run_scenario(scenario, Conditions(db=path))
        assert report.verdict == "pass", json.dumps([str(one) for one in report.expectations])
        db = open_database(path)
        records.append(told(db, report.clock.virtual_end))
        scenario = parse_scenario(kept_scenario(db).text, "kept.yaml")
        db.close()
    assert _without_ports(records[0]) == _without_ports(records[1])


def _without_ports(record: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Every run's receiver has a port of its own."""
    attempts = [(*one[:10], str(one[10]).split("/", 3)[3:], *one[11:]) for one in record["attempts"]]
    return {**record, "attempts": attempts}
