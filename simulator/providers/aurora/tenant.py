"""A simulated tenant: what its objects look like after each event, so that a receiver can read them back (E10).

In: the objects of one tenant and an event that occurs in it. Out: the objects it changes, None for one that is gone.
An event proves that what it names exists: objects not known yet are made up, with their parents. What is gone stays
gone, though a job may still end on a design that was deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from simulator.domain.chance import seeded_uuid
from simulator.domain.event import Event
from simulator.domain.instant import SECOND, format_utc
from simulator.domain.world import Key, Object, Objects
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.objects import KINDS, born, produced, renewed

Source = Callable[[Event, Object], Any]
Fields = Callable[[Event, Key, Object, int], Mapping[str, Any]]

NAMED = {"lead": "LEAD_ID", "project": "PROJECT_ID", "design": "DESIGN_ID"}
MODIFIABLE = frozenset(CATALOGUE["project_changed"].allowed["ATTRIBUTES"]) - {"status", "ahj_id"}
JOB_SECONDS = 45


@dataclass(frozen=True, slots=True)
class Change:
    """What an event does to the object that one of its attributes names; `when` waits for a STATUS.

    Without fields, the object is gone from now on, until a change that `begins` it.
    """

    kind: str
    attribute: str
    fields: Fields | None
    when: str | None = None
    begins: bool = False

    def happens(self, event: Event) -> bool:
        return self.when is None or event.attributes["STATUS"] == self.when


def sets(**sources: Source) -> Fields:
    """These fields, each from its source."""
    return lambda event, _key, before, _seed: {name: source(event, before) for name, source in sources.items()}


def renews(*names: str) -> Fields:
    """Something happened to these fields, but the event does not say what: other values, made up."""
    return lambda _event, key, before, seed: renewed(*key, seed, names, before)


def told(attribute: str) -> Source:
    return lambda event, _before: event.attributes[attribute]


def fixed(value: Any) -> Source:
    """Always this value, as a copy of its own: a list in the table is no object's list."""
    return lambda _event, _before: deepcopy(value)


def now(event: Event, _before: Object) -> str:
    return format_utc(event.occurred_at)


def job_start(event: Event, _before: Object) -> str:
    return format_utc(max(0, event.occurred_at - JOB_SECONDS * SECOND))


def still_there(event: Event, latest: Object) -> str | None:
    """A project's latest design, unless it is the one that is deleted."""
    return None if latest["design_id"] == event.attributes["DESIGN_ID"] else latest["design_id"]


def simulated(_event: Event, before: Object) -> dict[str, Any]:
    return produced(before["system_size_stc"])


def modified(event: Event, key: Key, before: Object, seed: int) -> Mapping[str, Any]:
    """The fields that ATTRIBUTES lists, but for those whose new value another event tells."""
    listed = MODIFIABLE.intersection(event.attributes["ATTRIBUTES"].split(","))
    return renewed(*key, seed, listed, before)


def job(kind: str, **more: Source) -> tuple[Change, Change]:
    done = sets(status=told("STATUS"), created_at=job_start, completed_at=now, **more)
    return (
        Change(kind, "JOB_ID", done),
        Change(kind, "JOB_ID", sets(error=fixed({"message": "The simulated job failed."})), when="failed"),
    )


BY = told("SOURCE")

CHANGES: Mapping[str, tuple[Change, ...]] = {
    "agreement_status_changed": (
        Change("agreement", "AGREEMENT_ID", sets(status=told("STATUS"))),
        Change("agreement", "AGREEMENT_ID", sets(sent_at=now), when="sent"),
        Change("agreement", "AGREEMENT_ID", sets(last_viewed_at=now), when="viewed"),
        Change("agreement", "AGREEMENT_ID", sets(error_message=fixed("The e-mail to a signer bounced.")), when="error"),
    ),
    "ahj_lookup_completed": (Change("project", "PROJECT_ID", sets(ahj_id=told("AHJ_ID")), when="succeeded"),),
    "app_status_changed": (),  # a partner application is no object of the tenant's
    "asset_created": (Change("asset", "ASSET_ID", sets(asset_type=told("ASSET_TYPE"))),),
    "auto_designer_job_completed": (
        *job("auto_designer_job", source=BY),
        Change("design", "DESIGN_ID", renews("system_size_stc", "bill_of_materials"), when="succeeded"),
        Change("design", "DESIGN_ID", sets(energy_production=fixed(None)), when="succeeded"),
    ),
    "consumption_profile_changed": (Change("consumption_profile", "PROJECT_ID", renews("monthly_energy")),),
    "design_created": (
        Change("design", "DESIGN_ID", sets(project_id=told("PROJECT_ID"), source=BY), begins=True),
        Change("latest_design", "PROJECT_ID", sets(design_id=told("DESIGN_ID")), begins=True),  # gone in older files
    ),
    "design_deleted": (
        Change("design", "DESIGN_ID", None),
        Change("latest_design", "PROJECT_ID", sets(design_id=still_there)),
    ),
    "design_request_completed": (Change("design_request", "DESIGN_REQUEST_ID_IN_AURORA", sets(status=told("STATUS"))),),
    "design_request_created": (Change("design_request", "DESIGN_REQUEST_ID", sets(source=BY)),),
    "design_request_rejected": (Change("design_request", "DESIGN_REQUEST_ID_IN_AURORA", sets(status=told("STATUS"))),),
    "fire_pathway_placement_job_completed": job("fire_pathway_placement_job", source=BY),
    "lead_changed": (Change("lead", "LEAD_ID", renews("customer")),),
    "lead_converted": (Change("lead", "LEAD_ID", sets(project_id=told("PROJECT_ID"))),),
    "lead_created": (Change("lead", "LEAD_ID", sets(source=BY)),),
    "lead_solar_estimation_job_completed": job("solar_estimation_job"),
    "panel_irradiance_analysis_job_completed": job("irradiance_job", source=BY),
    "performance_simulation_job_completed": (
        *job("performance_simulation_job", source=BY),
        Change("design", "DESIGN_ID", sets(energy_production=simulated), when="succeeded"),
    ),
    "plan_set_request_status_changed": (
        Change("plan_set_request", "PLAN_SET_REQUEST_ID", sets(status=told("STATUS"), rejection_reasons=fixed([]))),
        Change(
            "plan_set_request",
            "PLAN_SET_REQUEST_ID",
            sets(rejection_reasons=fixed([{"reason": "missing_information", "sub_reasons": []}])),
            when="rejected",
        ),
    ),
    "project_changed": (Change("project", "PROJECT_ID", modified),),
    "project_created": (Change("project", "PROJECT_ID", sets(source=BY), begins=True),),
    "project_deleted": (Change("project", "PROJECT_ID", None),),
    "project_status_changed": (Change("project", "PROJECT_ID", sets(status=told("STATUS"))),),
    "site_survey_requested": (Change("site_survey_request", "SITE_SURVEY_REQUEST_ID", sets()),),
    "site_survey_status_changed": (Change("site_survey", "SITE_SURVEY_ID", sets(status=told("STATUS"))),),
    "web_proposal_url_created": (Change("web_proposal", "DESIGN_ID", renews("url")),),
}


def apply(objects: Objects, event: Event, seed: int) -> dict[Key, Object | None]:
    """What the event changes among the objects of its tenant; the objects handed in stay as they are (E10)."""
    fold = _Fold(objects, event, seed)
    fold.prove_named()
    for change in CHANGES[event.name]:
        if change.happens(event):
            fold.make(change)
    return fold.changed


@dataclass(frozen=True, slots=True)
class _Fold:
    objects: Objects
    event: Event
    seed: int
    changed: dict[Key, Object | None] = field(default_factory=dict)

    def prove_named(self) -> None:
        for kind, attribute in NAMED.items():
            if attribute in self.event.attributes:
                self._prove((kind, self.event.attributes[attribute]), self._links())

    def make(self, change: Change) -> None:
        key = (change.kind, self.event.attributes[change.attribute])
        if change.fields is None:
            self.changed[key] = None
            return
        before = self._find(key)
        if before is None and self._knows(key) and not change.begins:
            return
        before = before or self._bear(key, self._links())
        stamp = {"updated_at": now(self.event, before)} if "updated_at" in before else {}
        self.changed[key] = {**before, **change.fields(self.event, key, before, self.seed), **stamp}

    def _links(self) -> dict[str, str]:
        """The event's ids under the names that objects give to their parents."""
        return {name.lower(): value for name, value in self.event.attributes.items()}

    def _find(self, key: Key) -> Object | None:
        return self.changed[key] if key in self.changed else self.objects.get(key)

    def _knows(self, key: Key) -> bool:
        """Whether the object exists, or did and is gone."""
        return key in self.changed or key in self.objects

    def _prove(self, key: Key, links: Mapping[str, str]) -> None:
        """Being named brings an unknown object into the world, but none back that is gone."""
        if not self._knows(key):
            self._bear(key, links)

    def _bear(self, key: Key, links: Mapping[str, str]) -> Object:
        kind, object_id = key
        stamps = dict.fromkeys(KINDS[kind].stamps, format_utc(self.event.occurred_at))
        whole = born(kind, object_id, self.seed)
        for parent in KINDS[kind].parents:
            name = f"{parent}_id"
            whole[name] = whole.get(name) or links.get(name) or self._guess(parent, object_id, whole)
            self._prove((parent, whole[name]), {**links, **whole})
        self.changed[key] = whole | stamps
        return whole | stamps

    def _guess(self, parent: str, child_id: str, child: Object) -> str:
        """An agreement or a plan set is about its project's latest design; else a parent is made up."""
        latest = self._find(("latest_design", child.get("project_id", "")))
        if parent == "design" and latest and latest["design_id"]:
            return str(latest["design_id"])
        return seeded_uuid(self.seed, "tenant", parent, child_id)
