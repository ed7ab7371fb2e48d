"""What Aurora's open attributes usually hold, for events nobody spelled out (E1)."""

from __future__ import annotations

from simulator.domain.sample import Sample

PROJECT_STATUSES = (
    "Remote Assessment Completed",
    "In Progress",
    "Proposal Sent",
    "Sold",
    "Permitting, submitted",
    "On Hold",
    "Completed",
)

SAMPLES = (
    Sample("STATUS", PROJECT_STATUSES, event="project_status_changed"),
    Sample("STATUS", ("designer_completed",), event="design_request_completed"),
    Sample("STATUS", ("designer_rejected",), event="design_request_rejected"),
    # The guide does not say what a failed lookup puts here; there is no authority to name, so nothing is named.
    Sample("AHJ_ID", ("",), event="ahj_lookup_completed", when={"STATUS": "failed"}),
)
