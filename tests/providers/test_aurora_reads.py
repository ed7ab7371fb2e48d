"""Reading a simulated tenant back over the provider's own paths (E10, section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.domain.event import Event
from simulator.domain.instant import parse_instant
from simulator.domain.story import unfold
from simulator.providers.aurora.objects import KINDS
from simulator.providers.aurora.reads import READS, read
from simulator.providers.aurora.stories import STORIES
from simulator.providers.aurora.tenant import apply

START = parse_instant("2026-03-06T17:00:00Z")
IDS = {
    "lead": "L", "project": "P", "design": "D", "agreement": "A", "estimation_job": "J1", "auto_designer_job": "J2",
    "irradiance_job": "J3", "simulation_job": "J4", "fire_pathway_job": "J5", "asset": "X", "ahj": "succeeded",
    "design_request": "R", "plan_set_request": "S", "survey": "V", "survey_request": "Q",
}  # fmt: skip


def lived(*stories: str) -> dict[tuple[str, str], Any]:
    """A tenant's objects after these stories, with ids that a test can name."""
    objects: dict[tuple[str, str], Any] = {}
    for name in stories:
        given = {role: value for role, value in IDS.items() if role in STORIES[name].takes}
        for one in unfold(STORIES[name], 7, "k", given):
            objects |= apply(objects, Event(1, "demo", one.event, one.attributes, START + one.offset_us), 7)
    return objects


TENANT = lived("lead_to_signature", "design_request", "plan_set", "site_survey")


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        ("/tenants/t/projects/P", {}, {"project": {"id": "P", "status": "Sold"}}),
        ("/tenants/t/projects/P/consumption_profile", {}, {"consumption_profile": {"project_id": "P"}}),
        ("/tenants/t/designs/D", {}, {"design": {"id": "D", "project_id": "P"}}),
        ("/tenants/t/designs/D/summary", {}, {"design": {"design_id": "D", "project_id": "P"}}),
        ("/tenants/t/designs/D/web_proposal", {}, {"web_proposal": {"design_id": "D"}}),
        ("/tenants/t/agreements/A", {}, {"agreement": {"status": "signed", "project_id": "P", "design_id": "D"}}),
        ("/tenants/t/design_requests/R", {}, {"design_request": {"status": "designer_completed"}}),
        ("/tenants/t/plan_set_requests/S", {}, {"plan_set_request": {"status": "completed"}}),
        ("/tenants/t/site_survey_requests/Q", {}, {"site_survey_request": {"id": "Q"}}),
        ("/tenants/t/site_surveys/V", {}, {"site_survey": {"status": "completed"}}),
        ("/tenants/t/assets/X", {}, {"asset": {"design_id": "D", "asset_type": "CAD Auto Screenshot"}}),
        ("/tenants/t/designs/D/auto_designer", {"job_id": "J2"}, {"auto_designer_job": {"status": "succeeded"}}),
        ("/tenants/t/designs/D/irradiance", {"job_id": "J3"}, {"irradiance_job": {"status": "succeeded"}}),
        (
            "/tenants/t/designs/D/performance_simulation",
            {"job_id": "J4"},
            {"performance_simulation_job": {"job_id": "J4"}},
        ),
        (
            "/tenants/t/designs/D/fire_pathway_placement",
            {"job_id": "J5"},
            {"fire_pathway_placement_job": {"source": "api"}},
        ),
        ("/tenants/t/leads/L/solar_estimation", {"job_id": "J1"}, {"solar_estimation_job": {"lead_id": "L"}}),
    ],
)
def test_an_object_is_read_in_its_envelope(path: str, query: dict[str, str], shown: dict[str, dict[str, Any]]) -> None:
    body = read(TENANT, path, query)
    (envelope,) = shown
    assert body is not None
    assert list(body) == [envelope]
    assert body[envelope] | shown[envelope] == body[envelope]


def test_a_lead_is_read_bare() -> None:
    body = read(TENANT, "/tenants/t/leads/L")
    assert body is not None
    assert (body["id"], body["project_id"]) == ("L", "P")


def test_a_designs_summary_tells_what_was_simulated() -> None:
    body = read(TENANT, "/tenants/t/designs/D/summary")
    assert body is not None
    assert body["design"]["energy_production"]["annual"] > 0
    assert body["design"]["bill_of_materials"]
    assert "id" not in body["design"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/tenants/t/projects/nobody", {}),
        ("/tenants/t/projects/", {}),
        ("/tenants/t/projects", {}),
        ("/tenants//projects/P", {}),
        ("/tenants/t/agreements/P", {}),
        ("/tenants/t/projects/P/summary", {}),
        ("/tenants/t/designs/D/summary/more", {}),
        ("/tenants/t/latest_designs/P", {}),
        ("/tenants/t/designs/D/auto_designer", {}),
        ("/tenants/t/designs/D/auto_designer", {"job_id": "J3"}),
        ("/tenants/t/designs/other/auto_designer", {"job_id": "J2"}),
        ("/tenants/t/leads/other/solar_estimation", {"job_id": "J1"}),
        ("projects/P", {}),
        ("", {}),
    ],
)
def test_what_is_not_there_is_not_read(path: str, query: dict[str, str]) -> None:
    assert read(TENANT, path, query) is None


def test_what_is_deleted_is_not_read_any_more() -> None:
    objects = lived("project_deleted")
    assert read(objects, "/tenants/t/projects/P") is None
    assert read(objects, "/tenants/t/designs/D") is None
    assert read(objects, "/tenants/t/designs/D/summary") is None


def test_every_kind_but_our_own_index_can_be_read() -> None:
    assert {one.kind for one in READS} == set(KINDS) - {"latest_design"}


def test_no_path_is_read_in_two_ways() -> None:
    paths = [one.path for one in READS]
    assert len(set(paths)) == len(paths)
    assert all(path.startswith("/tenants/{tenant_id}/") for path in paths)


def test_what_is_read_cannot_change_the_tenant() -> None:
    body = read(TENANT, "/tenants/t/designs/D")
    assert body is not None
    panels = TENANT["design", "D"]["bill_of_materials"][0]["quantity"]
    body["design"]["bill_of_materials"][0]["quantity"] = panels + 1
    assert TENANT["design", "D"]["bill_of_materials"][0]["quantity"] == panels
