"""`aurora-sim events`: the catalogue as people and programs read it."""

from __future__ import annotations

import json

from command_line import aurora_sim

from simulator.providers import AURORA


def test_all_events_with_their_attributes_one_a_line():
    lines = aurora_sim("events").out.splitlines()
    assert [line.split()[0] for line in lines] == list(AURORA.catalogue)
    assert len(lines) == 26


def test_one_event_in_full():
    out = aurora_sim("events", "agreement_status_changed").out
    assert "?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>" in out
    assert "<STATUS>  one of sent, viewed, signed, cancel-pending, canceled, declined, error  (filter)" in out
    assert "<PROJECT_ID>  any text" in out


def test_the_catalogue_as_json_agrees_with_the_provider():
    described = json.loads(aurora_sim("events", "--json").out)
    assert {one["event"]: one["suggested_template"] for one in described} == {
        name: kind.suggested_template for name, kind in AURORA.catalogue.items()
    }


def test_one_event_as_json():
    described = json.loads(aurora_sim("events", "project_status_changed", "--json").out)
    assert described["filters"] == {"STATUS": None}


def test_an_unknown_event_names_the_one_that_was_meant():
    ran = aurora_sim("events", "agrement_status_changed")
    assert ran.code == 2
    assert 'there is no event "agrement_status_changed" (did you mean "agreement_status_changed"?)' in ran.err


def test_an_unknown_provider_names_those_there_are():
    ran = aurora_sim("events", "--provider", "aurrora")
    assert ran.code == 2
    assert "aurora" in ran.err
