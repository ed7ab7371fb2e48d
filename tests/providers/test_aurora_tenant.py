"""A simulated tenant: after every event its objects show what the events told (E10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from simulator.domain.event import Event
from simulator.domain.instant import SECOND, format_utc, parse_instant
from simulator.domain.sample import HOSTILE, complete
from simulator.domain.story import unfold
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.objects import KINDS, PANEL_WATTS
from simulator.providers.aurora.samples import SAMPLES
from simulator.providers.aurora.stories import STORIES
from simulator.providers.aurora.tenant import CHANGES, apply

START = parse_instant("2026-03-06T17:00:00Z")
Objects = dict[tuple[str, str], Any]

JOBS = {
    "auto_designer_job_completed": "auto_designer_job",
    "fire_pathway_placement_job_completed": "fire_pathway_placement_job",
    "lead_solar_estimation_job_completed": "solar_estimation_job",
    "panel_irradiance_analysis_job_completed": "irradiance_job",
    "performance_simulation_job_completed": "performance_simulation_job",
}


def event(name: str, attributes: Mapping[str, str] | None = None, at: int = START, key: str = "k") -> Event:
    return Event(1, "demo", name, complete(CATALOGUE[name], attributes or {}, 7, key, samples=SAMPLES), at)


def fold(events: Iterable[Event], seed: int = 7) -> Objects:
    objects: Objects = {}
    for one in events:
        objects |= apply(objects, one, seed)
    return objects


def told(story: str, seed: int = 7, **given: str) -> list[Event]:
    happened = unfold(STORIES[story], seed, "k", given)
    return [Event(i, "demo", e.event, e.attributes, START + e.offset_us) for i, e in enumerate(happened)]


def test_every_event_of_the_catalogue_has_its_place_in_the_table() -> None:
    assert CHANGES.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_table_names_attributes_that_the_event_has_and_kinds_that_there_are(name: str) -> None:
    for change in CHANGES[name]:
        assert change.attribute in CATALOGUE[name].attributes
        assert change.kind in KINDS
        assert change.when is None or change.when in CATALOGUE[name].allowed["STATUS"]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_legal_text_can_be_an_id(text: str) -> None:
    objects = fold([event("project_created", {"PROJECT_ID": text})])
    assert objects["project", text]["id"] == text


class TestAgreement:
    FIELDS = (
        "id", "project_id", "design_id", "agreement_template_name", "status", "created_at", "updated_at", "sent_at",
        "last_viewed_at", "error_message",
    )  # fmt: skip

    def agreement(self, events: Iterable[Event]) -> dict[str, Any]:
        shown: dict[str, Any]
        (shown,) = (one for (kind, _), one in fold(events).items() if kind == "agreement")
        return shown

    def test_it_has_the_fields_of_the_reference(self) -> None:
        assert set(self.agreement(told("agreement_signed"))) == set(self.FIELDS)

    def test_its_stamps_tell_when_it_was_sent_and_viewed_and_last_changed(self) -> None:
        sent, viewed, signed = told("agreement_signed")
        shown = self.agreement([sent, viewed, signed])
        assert shown["created_at"] == shown["sent_at"] == format_utc(sent.occurred_at)
        assert shown["last_viewed_at"] == format_utc(viewed.occurred_at)
        assert shown["updated_at"] == format_utc(signed.occurred_at)
        assert shown["error_message"] is None

    def test_it_has_not_been_viewed_while_it_is_only_sent(self) -> None:
        shown = self.agreement(told("agreement_signed")[:1])
        assert (shown["status"], shown["last_viewed_at"]) == ("sent", None)

    def test_an_error_says_why(self) -> None:
        assert self.agreement(told("agreement_error"))["error_message"]

    def test_it_is_about_the_latest_design_of_its_project(self) -> None:
        older, newer = (event("design_created", {"PROJECT_ID": "P", "DESIGN_ID": one}) for one in ("D1", "D2"))
        sent = event("agreement_status_changed", {"PROJECT_ID": "P", "STATUS": "sent"})
        assert self.agreement([older, newer, sent])["design_id"] == "D2"

    def test_deleting_an_older_design_leaves_the_latest_one_the_latest(self) -> None:
        """E10."""
        older, newer = (event("design_created", {"PROJECT_ID": "P", "DESIGN_ID": one}) for one in ("D1", "D2"))
        deleted = event("design_deleted", {"PROJECT_ID": "P", "DESIGN_ID": "D1"})
        sent = event("agreement_status_changed", {"PROJECT_ID": "P", "STATUS": "sent"})
        assert self.agreement([older, newer, deleted, sent])["design_id"] == "D2"

    def test_a_design_made_later_does_not_change_what_it_is_about(self) -> None:
        sent, viewed, _ = told("agreement_signed", PROJECT_ID="P")
        design = event("design_created", {"PROJECT_ID": "P", "DESIGN_ID": "D2"})
        assert self.agreement([sent, design, viewed])["design_id"] != "D2"

    def test_where_no_design_is_known_there_is_one_of_the_same_project(self) -> None:
        objects = fold([event("agreement_status_changed", {"PROJECT_ID": "P", "AGREEMENT_ID": "A"})])
        assert objects["design", objects["agreement", "A"]["design_id"]]["project_id"] == "P"


class TestProject:
    def test_the_fields_that_a_change_lists_change_and_no_others(self) -> None:
        created = event("project_created", {"PROJECT_ID": "P"})
        listed = ("customer_salutation", "customer_email", "name", "owner_id", "team_id")
        changed = event("project_changed", {"PROJECT_ID": "P", "ATTRIBUTES": ",".join(listed)}, START + SECOND)
        before, after = fold([created])["project", "P"], fold([created, changed])["project", "P"]
        assert {name for name in before if before[name] != after[name]} == {*listed, "updated_at"}

    def test_changing_twice_changes_twice(self) -> None:
        created = event("project_created", {"PROJECT_ID": "P"})
        changed = event("project_changed", {"PROJECT_ID": "P", "ATTRIBUTES": "name"})
        names = [fold([created, *[changed] * times])["project", "P"]["name"] for times in range(3)]
        assert names[0] != names[1] != names[2]

    @pytest.mark.parametrize("field", ["status", "ahj_id"])
    def test_a_field_that_has_an_event_of_its_own_takes_its_value_from_there_only(self, field: str) -> None:
        told_status = event("project_status_changed", {"PROJECT_ID": "P", "STATUS": "Sold"})
        told_ahj = event("ahj_lookup_completed", {"PROJECT_ID": "P", "AHJ_ID": "H", "STATUS": "succeeded"})
        changed = event("project_changed", {"PROJECT_ID": "P", "ATTRIBUTES": field})
        shown = fold([told_status, told_ahj, changed])["project", "P"]
        assert (shown["status"], shown["ahj_id"]) == ("Sold", "H")

    def test_an_unfamiliar_attribute_that_was_let_through_on_purpose_changes_nothing(self) -> None:
        created = event("project_created", {"PROJECT_ID": "P"})
        lenient = event("project_changed", {"PROJECT_ID": "P", "ATTRIBUTES": "id,roof_colour,updated_at"})
        assert fold([created, lenient])["project", "P"] == fold([created])["project", "P"]

    def test_a_failed_lookup_leaves_the_authority_as_it_is(self) -> None:
        failed = event("ahj_lookup_completed", {"PROJECT_ID": "P", "AHJ_ID": "", "STATUS": "failed"})
        assert fold([failed])["project", "P"]["ahj_id"] is None

    def test_a_deleted_project_is_gone_and_being_named_does_not_bring_it_back(self) -> None:
        deleted = event("project_deleted", {"PROJECT_ID": "P"})
        named = event("design_deleted", {"PROJECT_ID": "P"})
        assert fold([deleted, named])["project", "P"] is None

    def test_a_project_created_anew_under_its_old_id_starts_afresh(self) -> None:
        created, deleted = event("project_created", {"PROJECT_ID": "P"}), event("project_deleted", {"PROJECT_ID": "P"})
        sold = event("project_status_changed", {"PROJECT_ID": "P", "STATUS": "Sold"})
        assert fold([created, sold, deleted, created])["project", "P"] == fold([created])["project", "P"]

    def test_its_consumption_profile_changes_with_every_event(self) -> None:
        changed = event("consumption_profile_changed", {"PROJECT_ID": "P"})
        energies = [fold([changed] * times)["consumption_profile", "P"]["monthly_energy"] for times in (1, 2)]
        assert energies[0] != energies[1]
        assert len(energies[0]) == 12

    def test_nobody_in_it_is_real(self) -> None:
        for number in range(50):
            person = fold([event("project_created", key=str(number))], seed=number)
            (shown,) = person.values()
            assert shown["customer_email"].endswith("@example.com")
            assert shown["customer_phone"].startswith("+1 202 555 01")
            assert shown["customer_address"].endswith("Exampleton")


class TestDesign:
    CREATED = event("design_created", {"PROJECT_ID": "P", "DESIGN_ID": "D"})

    def test_it_belongs_to_its_project(self) -> None:
        assert fold([self.CREATED])["design", "D"]["project_id"] == "P"

    def test_auto_designer_places_other_panels_and_makes_the_simulation_stale(self) -> None:
        simulated = event("performance_simulation_job_completed", {"DESIGN_ID": "D", "STATUS": "succeeded"})
        designed = event("auto_designer_job_completed", {"DESIGN_ID": "D", "STATUS": "succeeded"})
        before, after = fold([self.CREATED, simulated]), fold([self.CREATED, simulated, designed])
        assert after["design", "D"]["system_size_stc"] != before["design", "D"]["system_size_stc"]
        assert after["design", "D"]["energy_production"] is None

    def test_its_size_is_that_of_its_panels(self) -> None:
        designed = event("auto_designer_job_completed", {"DESIGN_ID": "D", "STATUS": "succeeded"})
        for shown in (fold(history)["design", "D"] for history in ([self.CREATED], [self.CREATED, designed])):
            panels = shown["bill_of_materials"][0]["quantity"]
            assert shown["system_size_stc"] == panels * PANEL_WATTS

    def test_a_performance_simulation_fills_the_production_of_a_year(self) -> None:
        simulated = event("performance_simulation_job_completed", {"DESIGN_ID": "D", "STATUS": "succeeded"})
        assert fold([self.CREATED])["design", "D"]["energy_production"] is None
        production = fold([self.CREATED, simulated])["design", "D"]["energy_production"]
        assert len(production["monthly"]) == 12
        assert 0 <= production["annual"] - sum(production["monthly"]) < 12

    @pytest.mark.parametrize("name", ["performance_simulation_job_completed", "auto_designer_job_completed"])
    def test_a_failed_job_leaves_it_as_it_is(self, name: str) -> None:
        failed = event(name, {"DESIGN_ID": "D", "STATUS": "failed"})
        assert fold([self.CREATED, failed])["design", "D"] == fold([self.CREATED])["design", "D"]

    def test_a_deleted_design_is_gone_and_no_agreement_is_about_it(self) -> None:
        deleted = event("design_deleted", {"PROJECT_ID": "P", "DESIGN_ID": "D"})
        sent = event("agreement_status_changed", {"PROJECT_ID": "P", "AGREEMENT_ID": "A"})
        objects = fold([self.CREATED, deleted, sent])
        assert objects["design", "D"] is None
        assert objects["agreement", "A"]["design_id"] != "D"

    def test_a_job_that_ends_after_its_design_was_deleted_does_not_bring_it_back(self) -> None:
        deleted = event("design_deleted", {"PROJECT_ID": "P", "DESIGN_ID": "D"})
        ended = event("auto_designer_job_completed", {"DESIGN_ID": "D", "JOB_ID": "J", "STATUS": "succeeded"})
        objects = fold([self.CREATED, deleted, ended])
        assert objects["design", "D"] is None
        assert objects["auto_designer_job", "J"]["status"] == "succeeded"

    def test_a_web_proposal_generated_again_has_another_address(self) -> None:
        generated = event("web_proposal_url_created", {"DESIGN_ID": "D"})
        first, second = (fold([generated] * times)["web_proposal", "D"]["url"] for times in (1, 2))
        assert first != second

    def test_its_asset_says_what_it_is(self) -> None:
        made = event("asset_created", {"DESIGN_ID": "D", "ASSET_ID": "X", "ASSET_TYPE": "Design DXF"})
        shown = fold([made])["asset", "X"]
        assert (shown["design_id"], shown["asset_type"]) == ("D", "Design DXF")


@pytest.mark.parametrize("name", JOBS)
class TestJob:
    def job(self, name: str, status: str) -> dict[str, Any]:
        done = event(name, {"JOB_ID": "J", "DESIGN_ID": "D", "LEAD_ID": "L", "STATUS": status})
        shown: dict[str, Any] = fold([done])[JOBS[name], "J"]
        return shown

    def test_a_completed_job_says_when_it_began_and_ended_and_whose_it_is(self, name: str) -> None:
        shown = self.job(name, "succeeded")
        assert shown["created_at"] < shown["completed_at"] == format_utc(START)
        assert shown.get("design_id", shown.get("lead_id")) in {"D", "L"}
        assert shown["error"] is None

    def test_a_failed_job_says_why(self, name: str) -> None:
        assert self.job(name, "failed")["error"]["message"]


class TestTheRest:
    def test_a_lead_knows_its_project_once_it_is_converted(self) -> None:
        created = event("lead_created", {"LEAD_ID": "L"})
        converted = event("lead_converted", {"LEAD_ID": "L", "PROJECT_ID": "P"})
        assert fold([created])["lead", "L"]["project_id"] is None
        assert fold([created, converted])["lead", "L"]["project_id"] == "P"

    def test_a_changed_lead_has_another_customer(self) -> None:
        created, changed = event("lead_created", {"LEAD_ID": "L"}), event("lead_changed", {"LEAD_ID": "L"})
        assert fold([created])["lead", "L"]["customer"] != fold([created, changed])["lead", "L"]["customer"]

    def test_a_design_request_goes_from_submitted_to_the_designers_answer(self) -> None:
        created, completed = told("design_request", design_request="R")
        assert fold([created])["design_request", "R"]["status"] == "submitted"
        assert fold([created, completed])["design_request", "R"]["status"] == "designer_completed"

    def test_a_plan_set_says_why_it_was_rejected_until_it_is_submitted_again(self) -> None:
        events = told("plan_set_resubmitted", plan_set_request="S")
        reasons = [fold(events[:count])["plan_set_request", "S"]["rejection_reasons"] for count in (1, 2, 3)]
        assert [bool(reason) for reason in reasons] == [False, True, False]

    def test_a_site_survey_and_its_request_are_told_apart(self) -> None:
        objects = fold(told("site_survey", survey="S", survey_request="Q"))
        assert objects["site_survey_request", "Q"]["status"] == "requested"
        assert objects["site_survey", "S"]["status"] == "completed"

    def test_a_partner_application_is_no_object_of_the_tenants(self) -> None:
        assert fold(told("app_toggled")) == {}

    def test_an_event_in_the_first_second_of_the_calendar_has_a_job_start_too(self) -> None:
        done = event("auto_designer_job_completed", {"JOB_ID": "J"}, at=0)
        assert fold([done])["auto_designer_job", "J"]["created_at"] == "1970-01-01 00:00:00 UTC"
