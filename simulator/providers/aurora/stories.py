"""Aurora's life cycles, one table each.

Read a row as: about whom, how long after the row above, which event, with which attributes. `either` is drawn row
by row; `turn` is drawn once and decides which guarded rows happen; rows "0s" apart occur at one instant. Whoever
runs a story may fix its roles and attributes (see `unfold`), for instance `ahj: failed` or `AGREEMENT_ID: …`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from simulator.domain.story import Choice, Guard, Id, Step, Story, either, step, turn

PROJECT = Id("project")
DESIGN = Id("design")
ASSET = Id("asset")

BY = either("app", "api")
AHJ = turn("ahj", {"succeeded": 19, "failed": 1})
ENDING = turn("ending", {"signed": 7, "declined": 1, "canceled": 1, "error": 1})

app = partial(step, APP_ID=Id("app"))
lead = partial(step, LEAD_ID=Id("lead"))
project = partial(step, PROJECT_ID=PROJECT)
design = partial(step, DESIGN_ID=DESIGN)
request = partial(step, DESIGN_REQUEST_ID=Id("design_request"))
answer = partial(step, DESIGN_REQUEST_ID_IN_AURORA=Id("design_request"))


def job(after: str, event: str, role: str, by: str | Choice = BY, status: str = "succeeded") -> Step:
    return design(after, event, JOB_ID=Id(role), STATUS=status, SOURCE=by)


def agreement(after: str, status: str | Choice, when: Guard | None = None) -> Step:
    return project(after, "agreement_status_changed", AGREEMENT_ID=Id("agreement"), STATUS=status, when=when)


def plan_set(after: str, status: str) -> Step:
    return step(after, "plan_set_request_status_changed", PLAN_SET_REQUEST_ID=Id("plan_set_request"), STATUS=status)


def becomes(after: str, status: str) -> tuple[Step, Step]:
    """A change of status fires two events; this one first, so that the project shows it when either arrives (E10)."""
    return (
        project(after, "project_status_changed", STATUS=status),
        project("0s", "project_changed", SOURCE=BY, ATTRIBUTES="status"),
    )


# Aligned by hand from here on: a table is read down its columns.
# fmt: off

LEAD_ARRIVES = (
    lead("0s",          "lead_created",                             SOURCE=either("lcai", "api")),
    lead("1m..4m",      "lead_solar_estimation_job_completed",      JOB_ID=Id("estimation_job"), STATUS="succeeded"),
    lead("5m..40m",     "lead_changed"),
)
LEAD_CONVERTS = (
    lead("1h..20h",     "lead_converted",                           PROJECT_ID=PROJECT),
)
PROJECT_BEGINS = (
    project("0s",       "project_created",                          SOURCE=BY),
    project("5s..90s",  "ahj_lookup_completed",     when=AHJ.was("succeeded"), AHJ_ID=Id("authority"), STATUS=AHJ),
    project("0s",       "project_changed",          when=AHJ.was("succeeded"), SOURCE="app", ATTRIBUTES="ahj_id"),
    project("5s..90s",  "ahj_lookup_completed",     when=AHJ.was("failed"),    AHJ_ID="",              STATUS=AHJ),
)
PROJECT_QUALIFIES = (
    project("10m..2h",  "project_changed",                          SOURCE=BY, ATTRIBUTES="customer_phone,name"),
    *becomes("1m..10m", "In Progress"),
    # Two changes, one URL: a genuine repeat that no attribute tells from a duplicate.
    project("5m..1h",   "consumption_profile_changed"),
    project("1m..20m",  "consumption_profile_changed"),
)
DESIGN_IS_MADE = (
    project("10m..3h",  "design_created",                           DESIGN_ID=DESIGN, SOURCE=BY),
    job("1m..5m",       "fire_pathway_placement_job_completed",     "fire_pathway_job", by="api"),
    job("1m..8m",       "auto_designer_job_completed",              "auto_designer_job"),
    job("1m..10m",      "panel_irradiance_analysis_job_completed",  "irradiance_job"),
    job("1m..15m",      "performance_simulation_job_completed",     "simulation_job"),
    design("5s..1m",    "asset_created",                            ASSET_ID=ASSET, ASSET_TYPE="CAD Auto Screenshot"),
)
PROPOSAL_IS_SHOWN = (
    design("10m..4h",   "web_proposal_url_created",                 SOURCE=BY),
    *becomes("1m..5m",  "Proposal Sent"),
    # Generated anew: again the same URL for something that did happen twice.
    design("2h..1d",    "web_proposal_url_created",                 SOURCE=BY),
)
AGREEMENT_COMES = (
    agreement("1h..1d", "sent"),
    agreement("5m..1d", "viewed"),
    agreement("5m..2d", "signed"),
    *becomes("1s..10s", "Sold"),
)

PROJECT_TO_SIGNATURE = (*PROJECT_BEGINS, *PROJECT_QUALIFIES, *DESIGN_IS_MADE, *PROPOSAL_IS_SHOWN, *AGREEMENT_COMES)

TABLE = (
    Story("lead_to_signature", "The whole life: a lead becomes a project, is designed, quoted and signed.", (
        *LEAD_ARRIVES,
        *LEAD_CONVERTS,
        *PROJECT_TO_SIGNATURE,
    )),
    Story("lead_to_project", "A visitor leaves an address, gets an estimate and becomes a project.", (
        *LEAD_ARRIVES,
        *LEAD_CONVERTS,
        *PROJECT_BEGINS,
    )),
    Story("lead_lost", "The estimation fails, somebody corrects the lead, and nothing comes of it.", (
        lead("0s",          "lead_created",                         SOURCE=either("lcai", "api")),
        lead("1m..4m",      "lead_solar_estimation_job_completed",  JOB_ID=Id("estimation_job"), STATUS="failed"),
        lead("1h..1d",      "lead_changed"),
    )),

    Story("project_to_signature", "From a new project through design and proposal to a signed agreement.", (
        *PROJECT_TO_SIGNATURE,
    )),
    Story("project_deleted", "A project that was a mistake: its design is deleted, then the project.", (
        *PROJECT_BEGINS,
        project("5m..1h",   "design_created",                       DESIGN_ID=DESIGN, SOURCE=BY),
        project("1h..1d",   "design_deleted",                       DESIGN_ID=DESIGN),
        project("0s..1m",   "project_deleted",                      SOURCE=BY),
    )),

    Story("design", "A project's design, from the first panel to the simulated system.", (
        *DESIGN_IS_MADE,
    )),
    Story("autodesigner_failed", "AutoDesigner fails on a design and succeeds as a second job.", (
        project("0s",       "design_created",                       DESIGN_ID=DESIGN, SOURCE=BY),
        job("1m..8m",       "auto_designer_job_completed",          "failed_job", status="failed"),
        job("5m..1h",       "auto_designer_job_completed",          "auto_designer_job"),
    )),
    Story("design_request", "Aurora's designers build a roof model on request.", (
        request("0s",       "design_request_created",               SOURCE=BY),
        answer("20m..3h",   "design_request_completed",             STATUS="designer_completed"),
    )),
    Story("design_request_accepted", "The finished roof model is accepted, which makes a design of it.", (
        request("0s",       "design_request_created",               SOURCE=BY),
        answer("20m..3h",   "design_request_completed",             STATUS="designer_completed"),
        project("1m..4h",   "design_created",                       DESIGN_ID=DESIGN, SOURCE="expert_design_service"),
    )),
    Story("design_request_rejected", "The designers turn a request down.", (
        request("0s",       "design_request_created",               SOURCE=BY),
        answer("20m..3h",   "design_request_rejected",              STATUS="designer_rejected"),
    )),

    Story("agreement", "An agreement whose ending is drawn by weight: mostly it is signed.", (
        agreement("0s",     "sent"),
        agreement("5m..1d", "viewed"),
        agreement("5m..1d", "cancel-pending", when=ENDING.was("canceled")),
        agreement("5m..2d", ENDING),
    )),
    Story("agreement_signed", "An agreement is sent, viewed and signed.", (
        agreement("0s",     "sent"),
        agreement("5m..1d", "viewed"),
        agreement("5m..2d", "signed"),
    )),
    Story("agreement_declined", "A signer declines the agreement.", (
        agreement("0s",     "sent"),
        agreement("5m..1d", "viewed"),
        agreement("5m..2d", "declined"),
    )),
    Story("agreement_canceled", "The agreement is called back before anyone signs.", (
        agreement("0s",     "sent"),
        agreement("5m..1d", "viewed"),
        agreement("1h..2d", "cancel-pending"),
        agreement("5s..2m", "canceled"),
    )),
    Story("agreement_error", "The agreement cannot be brought to its signer.", (
        agreement("0s",     "sent"),
        agreement("5s..9m", "error"),
    )),

    Story("plan_set", "A plan set is ordered and completed.", (
        plan_set("0s",      "submitted"),
        plan_set("4h..2d",  "completed"),
    )),
    Story("plan_set_rejected", "A plan set is ordered and rejected.", (
        plan_set("0s",      "submitted"),
        plan_set("2h..1d",  "rejected"),
    )),
    # The second "submitted" has the URL of the first: a genuine repeat once more.
    Story("plan_set_resubmitted", "A rejected plan set is submitted again and completed.", (
        plan_set("0s",      "submitted"),
        plan_set("2h..1d",  "rejected"),
        plan_set("1h..1d",  "submitted"),
        plan_set("4h..2d",  "completed"),
    )),
    # The guide has two names for a survey's id and does not say that they hold one and the same, so here they do not.
    Story("site_survey", "A survey is requested in the app and completed on site.", (
        step("0s",          "site_survey_requested",                SITE_SURVEY_REQUEST_ID=Id("survey_request")),
        step("1d..5d",      "site_survey_status_changed",           SITE_SURVEY_ID=Id("survey"), STATUS="completed"),
    )),
    Story("app_toggled", "A tenant enables a partner application, disables it and thinks again.", (
        app("0s",           "app_status_changed",                   STATUS="enabled"),
        app("1h..2d",       "app_status_changed",                   STATUS="disabled"),
        app("10m..1d",      "app_status_changed",                   STATUS="enabled"),
    )),
)
# fmt: on

STORIES: Mapping[str, Story] = {story.name: story for story in TABLE}
