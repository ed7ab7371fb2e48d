"""The table of events: complete, consistent with itself, and true to the provider's suggested templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.receivers.catalogue import CATALOGUE, EVENTS
from simulator.receivers.kinds import ANY, UNCLEAR, OpenKind, Says

if TYPE_CHECKING:
    from served_receiver import Served

    from simulator.receivers.kinds import Kind


# Event: the query of its suggested template, filled in, and the object that the request speaks of.
SUGGESTED = {
    "agreement_status_changed": ("project_id=p1&agreement_id=a1&status=sent", "agreement/a1", "sent"),
    "ahj_lookup_completed": ("project_id=p1&ahj_id=h1&status=succeeded", "ahj_lookup/p1", "succeeded"),
    "app_status_changed": ("app_id=x1&status=enabled", "app/x1", "enabled"),
    "asset_created": ("design_id=d1&asset_id=s1&asset_type=Design%20DXF", "asset/s1", "created"),
    "auto_designer_job_completed": (
        "design_id=d1&job_id=j1&status=succeeded&source=app",
        "job/j1",
        "succeeded",
    ),
    "consumption_profile_changed": ("project_id=p1", "project/p1", None),
    "design_created": ("project_id=p1&design_id=d1&source=api", "design/d1", "created"),
    "design_deleted": ("project_id=p1&design_id=d1", "design/d1", "deleted"),
    "design_request_completed": (
        "design_request_id=r1&status=designer_completed",
        "design_request/r1",
        "designer_completed",
    ),
    "design_request_created": ("design_request_id=r1&source=app", "design_request/r1", "created"),
    "design_request_rejected": (
        "design_request_id=r1&status=designer_rejected",
        "design_request/r1",
        "designer_rejected",
    ),
    "fire_pathway_placement_job_completed": (
        "design_id=d1&job_id=j1&status=failed&source=api",
        "job/j1",
        "failed",
    ),
    "lead_changed": ("lead_id=l1", "lead/l1", None),
    "lead_converted": ("lead_id=l1&project_id=p1", "lead/l1", "converted"),
    "lead_created": ("lead_id=l1&source=lcai", "lead/l1", "created"),
    "lead_solar_estimation_job_completed": ("lead_id=l1&job_id=j1&status=failed", "job/j1", "failed"),
    "panel_irradiance_analysis_job_completed": (
        "design_id=d1&job_id=j1&status=succeeded&source=app",
        "job/j1",
        "succeeded",
    ),
    "performance_simulation_job_completed": (
        "design_id=d1&job_id=j1&status=succeeded&source=api",
        "job/j1",
        "succeeded",
    ),
    "plan_set_request_status_changed": (
        "plan_set_request_id=q1&status=submitted",
        "plan_set_request/q1",
        "submitted",
    ),
    "project_changed": ("project_id=p1&source=app&attributes=name%2Cstatus", "project/p1", None),
    "project_created": ("project_id=p1&source=app", "project/p1", "created"),
    "project_deleted": ("project_id=p1&source=api", "project/p1", "deleted"),
    "project_status_changed": ("project_id=p1&status=In%20Progress", "project/p1", "In Progress"),
    "site_survey_requested": ("site_survey_request_id=v1", "site_survey_request/v1", "requested"),
    "site_survey_status_changed": ("site_survey_id=v1&status=completed", "site_survey/v1", "completed"),
    "web_proposal_url_created": ("design_id=d1&source=app", "design/d1", None),
}


def test_the_catalogue_holds_the_26_documented_events() -> None:
    """E1."""
    assert len(SUGGESTED) == 26
    assert set(EVENTS) == set(SUGGESTED)
    assert sum(len(kind.events) for kind in CATALOGUE) == 26


@pytest.mark.parametrize("event", SUGGESTED)
async def test_the_suggested_template_of_every_event_is_understood(event: str, robust: Served) -> None:
    query, known, status = SUGGESTED[event]
    assert await robust.get(f"/{event}?{query}") == 200
    assert (await robust.show(f"/state/{known}"))["status"] == status


@pytest.mark.parametrize("event", SUGGESTED)
async def test_every_event_needs_the_id_of_its_object(event: str, robust: Served) -> None:
    query, known, _ = SUGGESTED[event]
    kind, object_id = known.split("/")
    pairs = [pair for pair in query.split("&") if not pair.endswith(f"={object_id}")]
    assert await robust.get(f"/{event}?{'&'.join(pairs)}") == 400
    assert await robust.get(f"/{event}?{'&'.join([*pairs, EVENTS[event][0].id + '='])}") == 400
    assert await robust.show(f"/state/{kind}") == {}


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_every_entry_fits_its_own_order(kind: Kind) -> None:
    for event in kind.events:
        if isinstance(event.says, str):
            assert event.says in kind.order
        assert event.when is None or event.when in kind.order
        assert event.once or event.when is None


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_only_an_open_kind_has_a_place_for_any_status(kind: Kind) -> None:
    is_open = isinstance(kind, OpenKind)
    assert (ANY in kind.order) is is_open
    assert (UNCLEAR in kind.order) is is_open


def test_the_events_whose_genuine_repeats_have_equal_urls_are_hints() -> None:
    """Section 4: several events carry no id of their occurrence."""
    assert {name for name, (_, event) in EVENTS.items() if event.says is Says.LOOK} == {
        "consumption_profile_changed",
        "lead_changed",
        "project_changed",
        "web_proposal_url_created",
    }
