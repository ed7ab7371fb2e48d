"""`providers/aurora/catalogue` against the guide's page "Events", written down here a second time by hand (E1)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from simulator.domain import template
from simulator.domain.event import check_event
from simulator.providers.aurora.catalogue import CATALOGUE

JOB = ("succeeded", "failed")
APP_OR_API = ("app", "api")
ASSETS = (
    "Design DXF",
    "Design Layout",
    "CAD Screenshot",
    "CAD Auto Screenshot",
    "Site Survey Request Screenshot",
    "Racking Spec Sheet",
    "Racking Install Manual",
    "Racking Certification",
    "Racking CAD File",
    "Racking Engineering Report",
    "Racking Bill of Materials",
)
CHANGES = (
    "ahj_id",
    "customer_address",
    "customer_email",
    "customer_first_name",
    "customer_last_name",
    "customer_phone",
    "customer_salutation",
    "name",
    "owner_id",
    "status",
    "team_id",
)
ANY = None

Filters = Mapping[str, tuple[str, ...] | None]

# Event: its attributes in the order of the page, and its table of filters.
GUIDE: dict[str, tuple[str, Filters]] = {
    "agreement_status_changed": (
        "PROJECT_ID AGREEMENT_ID STATUS",
        {"STATUS": ("sent", "viewed", "signed", "cancel-pending", "canceled", "declined", "error")},
    ),
    "ahj_lookup_completed": ("PROJECT_ID AHJ_ID STATUS", {"STATUS": JOB}),
    "app_status_changed": ("APP_ID STATUS", {"STATUS": ("enabled", "disabled")}),
    "asset_created": ("DESIGN_ID ASSET_ID ASSET_TYPE", {"ASSET_TYPE": ASSETS}),
    "auto_designer_job_completed": ("DESIGN_ID JOB_ID STATUS SOURCE", {"STATUS": JOB, "SOURCE": APP_OR_API}),
    "consumption_profile_changed": ("PROJECT_ID", {}),
    "design_created": ("PROJECT_ID DESIGN_ID SOURCE", {"SOURCE": ("app", "api", "expert_design_service")}),
    "design_deleted": ("PROJECT_ID DESIGN_ID", {}),
    "design_request_completed": ("DESIGN_REQUEST_ID_IN_AURORA STATUS", {}),
    "design_request_created": ("DESIGN_REQUEST_ID SOURCE", {"SOURCE": APP_OR_API}),
    "design_request_rejected": ("DESIGN_REQUEST_ID_IN_AURORA STATUS", {}),
    "fire_pathway_placement_job_completed": ("DESIGN_ID JOB_ID STATUS SOURCE", {"STATUS": JOB, "SOURCE": ("api",)}),
    "lead_changed": ("LEAD_ID", {}),
    "lead_converted": ("LEAD_ID PROJECT_ID", {}),
    "lead_created": ("LEAD_ID SOURCE", {"SOURCE": ("lcai", "api")}),
    "lead_solar_estimation_job_completed": ("LEAD_ID JOB_ID STATUS", {"STATUS": JOB}),
    "panel_irradiance_analysis_job_completed": (
        "DESIGN_ID JOB_ID STATUS SOURCE",
        {"STATUS": JOB, "SOURCE": APP_OR_API},
    ),
    "performance_simulation_job_completed": ("DESIGN_ID JOB_ID STATUS SOURCE", {"STATUS": JOB, "SOURCE": APP_OR_API}),
    "plan_set_request_status_changed": (
        "PLAN_SET_REQUEST_ID STATUS",
        {"STATUS": ("submitted", "completed", "rejected")},
    ),
    "project_changed": ("PROJECT_ID SOURCE ATTRIBUTES", {"SOURCE": APP_OR_API}),
    "project_created": ("PROJECT_ID SOURCE", {"SOURCE": APP_OR_API}),
    "project_deleted": ("PROJECT_ID SOURCE", {"SOURCE": APP_OR_API}),
    "project_status_changed": ("PROJECT_ID STATUS", {"STATUS": ANY}),
    "site_survey_requested": ("SITE_SURVEY_REQUEST_ID", {}),
    "site_survey_status_changed": ("SITE_SURVEY_ID STATUS", {"STATUS": ("completed",)}),
    "web_proposal_url_created": ("DESIGN_ID SOURCE", {"SOURCE": APP_OR_API}),
}


def test_there_are_26_events_with_17_attributes_and_19_filter_tables() -> None:
    """E1."""
    assert len(CATALOGUE) == 26
    assert len({attribute for kind in CATALOGUE.values() for attribute in kind.attributes}) == 17
    assert sum(bool(kind.filterable) for kind in CATALOGUE.values()) == 19


def test_the_events_are_those_of_the_guide_in_its_order() -> None:
    """E1."""
    assert list(CATALOGUE) == list(GUIDE)
    assert all(kind.name == name for name, kind in CATALOGUE.items())


@pytest.mark.parametrize("event", GUIDE)
def test_the_attributes_of_an_event_are_those_of_the_guide(event: str) -> None:
    """E1."""
    assert CATALOGUE[event].attributes == tuple(GUIDE[event][0].split())


@pytest.mark.parametrize("event", GUIDE)
def test_the_filters_of_an_event_are_those_of_the_guide(event: str) -> None:
    """E1, S12."""
    assert CATALOGUE[event].filterable == GUIDE[event][1]


def test_seven_events_have_no_filters() -> None:
    """E1."""
    assert {kind.name for kind in CATALOGUE.values() if not kind.filterable} == {
        "consumption_profile_changed",
        "design_deleted",
        "design_request_completed",
        "design_request_rejected",
        "lead_changed",
        "lead_converted",
        "site_survey_requested",
    }


@pytest.mark.parametrize("event", GUIDE)
def test_a_closed_list_of_values_is_what_can_be_filtered(event: str) -> None:
    """E1: the one list that is no filter names the fields of a project that changed."""
    closed = {attribute: values for attribute, values in GUIDE[event][1].items() if values is not ANY}
    if event == "project_changed":
        closed["ATTRIBUTES"] = CHANGES
    assert CATALOGUE[event].allowed == closed


def test_only_the_changed_fields_of_a_project_come_as_a_list() -> None:
    """E1."""
    assert {name: kind.listed for name, kind in CATALOGUE.items() if kind.listed} == {
        "project_changed": frozenset({"ATTRIBUTES"})
    }


@pytest.mark.parametrize("event", GUIDE)
def test_the_suggested_template_is_usable(event: str) -> None:
    """S10, S11."""
    kind = CATALOGUE[event]
    assert template.check(kind.suggested_template, kind.attributes, https_only=True) == []


@pytest.mark.parametrize("event", GUIDE)
def test_the_suggested_template_carries_every_attribute_under_its_own_key(event: str) -> None:
    """E5: only the request's id in Aurora goes under a shorter key."""
    kind = CATALOGUE[event]
    split = urlsplit(kind.suggested_template)
    assert (split.scheme, split.netloc, split.path) == ("https", "www.yourapp.com", f"/{event}")
    assert parse_qsl(split.query) == [
        (attribute.lower().removesuffix("_in_aurora"), f"<{attribute}>") for attribute in kind.attributes
    ]


@pytest.mark.parametrize("event", GUIDE)
def test_every_documented_value_makes_a_legal_event(event: str) -> None:
    """E1."""
    kind = CATALOGUE[event]
    usual = {attribute: kind.allowed.get(attribute, ("any",))[0] for attribute in kind.attributes}
    assert check_event(CATALOGUE, event, usual) == []
    for attribute, values in kind.allowed.items():
        assert [check_event(CATALOGUE, event, usual | {attribute: value}) for value in values] == [[] for _ in values]


def test_the_changed_fields_of_a_project_may_be_all_of_them() -> None:
    """E1."""
    attributes = {"PROJECT_ID": "p1", "SOURCE": "app", "ATTRIBUTES": ",".join(CHANGES)}
    assert check_event(CATALOGUE, "project_changed", attributes) == []
    assert len(check_event(CATALOGUE, "project_changed", attributes | {"ATTRIBUTES": "name,colour"})) == 1
