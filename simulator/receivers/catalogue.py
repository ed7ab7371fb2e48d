"""What each of Aurora's events means to this receiver: the one table to read, and to edit, first.

One entry a kind of object: the parameter that holds its id, the order of its statuses (from what may come
first to what nothing may follow), where the provider shows it, and the events that speak of it. Nothing
outside this table names an event.

Statuses end where they would end in life, whatever arrives last. For an agreement: an `error` can be put
right; one who declined may still sign; a signed agreement can be canceled, a canceled one is never signed.

Genuine repeats: `Says.LOOK` events carry no id of their occurrence, so a second one is the same URL as the
first. They are taken as a hint to read the object back, which does no harm when it was a duplicate.
"""

from __future__ import annotations

from typing import Final

from simulator.receivers.kinds import ANY, UNCLEAR, Event, Kind, OpenKind, Says

CATALOGUE: Final[tuple[Kind, ...]] = (
    Kind(
        "agreement",
        id="agreement_id",
        # The webhook writes cancel-pending, newer versions of the API cancel_pending.
        order=("sent", "viewed", "cancel-pending", "cancel_pending", "error", "declined", "signed", "canceled"),
        read_at="agreements/{id}",
        events=(
            Event(
                "agreement_status_changed",
                Says.STATUS,
                keeps=("project_id",),
                when="signed",
                once="start post-sales workflow",
            ),
        ),
    ),
    Kind(
        "ahj_lookup",
        id="project_id",
        order=("failed", "succeeded"),
        read_at="projects/{id}",
        events=(Event("ahj_lookup_completed", Says.STATUS, keeps=("ahj_id",)),),
    ),
    OpenKind(
        # Switched on and off for ever, and nothing documented shows which it is: the wish stays on record.
        "app",
        id="app_id",
        order=(ANY, UNCLEAR),
        events=(Event("app_status_changed", Says.STATUS),),
    ),
    Kind(
        "asset",
        id="asset_id",
        order=("created",),
        events=(Event("asset_created", "created", keeps=("design_id", "asset_type"), once="download the asset"),),
    ),
    Kind(
        "design",
        id="design_id",
        order=("created", "deleted"),
        read_at="designs/{id}/summary",
        events=(
            Event("design_created", "created", keeps=("project_id", "source")),
            Event("design_deleted", "deleted", keeps=("project_id",)),
            Event("web_proposal_url_created", Says.LOOK),
        ),
    ),
    Kind(
        "design_request",
        id="design_request_id",
        order=("created", "designer_rejected", "designer_completed"),
        read_at="design_requests/{id}",
        events=(
            Event("design_request_created", "created", keeps=("source",)),
            # The values of `status` are documented for neither; the names of the events say enough.
            Event("design_request_rejected", "designer_rejected", keeps=("status",)),
            Event(
                "design_request_completed",
                "designer_completed",
                keeps=("status",),
                once="tell the team that panels can be placed",
            ),
        ),
    ),
    Kind(
        "job",
        id="job_id",
        order=("failed", "succeeded"),
        events=(
            Event("auto_designer_job_completed", Says.STATUS, keeps=("design_id", "source")),
            Event("fire_pathway_placement_job_completed", Says.STATUS, keeps=("design_id", "source")),
            Event("lead_solar_estimation_job_completed", Says.STATUS, keeps=("lead_id",)),
            Event("panel_irradiance_analysis_job_completed", Says.STATUS, keeps=("design_id", "source")),
            Event("performance_simulation_job_completed", Says.STATUS, keeps=("design_id", "source")),
        ),
    ),
    Kind(
        "lead",
        id="lead_id",
        order=("created", "converted"),
        read_at="leads/{id}",
        events=(
            Event("lead_created", "created", keeps=("source",)),
            Event("lead_changed", Says.LOOK),
            Event("lead_converted", "converted", keeps=("project_id",), once="move the lead to its project"),
        ),
    ),
    Kind(
        "plan_set_request",
        id="plan_set_request_id",
        order=("submitted", "rejected", "completed"),
        read_at="plan_set_requests/{id}",
        events=(Event("plan_set_request_status_changed", Says.STATUS, when="completed", once="download the plan set"),),
    ),
    OpenKind(
        "project",
        id="project_id",
        order=("created", ANY, UNCLEAR, "deleted"),
        read_at="projects/{id}",
        events=(
            Event("project_created", "created", keeps=("source",)),
            Event("project_changed", Says.LOOK, keeps=("attributes", "source")),
            Event("project_status_changed", Says.STATUS),
            Event("consumption_profile_changed", Says.LOOK),
            Event("project_deleted", "deleted", keeps=("source",)),
        ),
    ),
    Kind(
        "site_survey",
        id="site_survey_id",
        order=("completed",),
        events=(Event("site_survey_status_changed", Says.STATUS, when="completed", once="schedule the installation"),),
    ),
    Kind(
        # Not the same object as the survey: the provider gives it an id of its own.
        "site_survey_request",
        id="site_survey_request_id",
        order=("requested",),
        events=(Event("site_survey_requested", "requested"),),
    ),
)

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in CATALOGUE}
EVENTS: Final[dict[str, tuple[Kind, Event]]] = {
    event.name: (kind, event) for kind in CATALOGUE for event in kind.events
}
