"""The objects of a simulated tenant as they are first seen: made-up people, places and systems, by seed.

In: a kind, an id and a seed. Out: every field the provider's API shows. Nobody here is real: names say that they are
examples, the domain and the telephone numbers are reserved for fiction, the roofs stand in the Gulf of Guinea.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.domain.chance import pick, seeded_uuid
from simulator.domain.world import Object

MANY = 256
PANEL_WATTS = 400
KWH_PER_KILOWATT = 1_500
MONTHLY_PERCENT = (5, 6, 8, 9, 11, 12, 12, 11, 9, 7, 5, 5)


@dataclass(frozen=True, slots=True)
class Draw:
    """Seeded draws that belong to one object; the name of a draw keeps it apart from the others."""

    seed: int
    kind: str
    id: str
    turn: int = 0

    def number(self, low: int, high: int, name: str) -> int:
        return low + pick(self.seed, high - low + 1, "tenant", self.kind, self.id, self.turn, name)

    def one_of(self, values: Sequence[str], name: str) -> str:
        return values[self.number(0, len(values) - 1, name)]

    def uuid(self, name: str) -> str:
        return seeded_uuid(self.seed, "tenant", self.kind, self.id, self.turn, name)


@dataclass(frozen=True, slots=True)
class Kind:
    """What objects of a kind hold, and what they belong to: `project_id` names a parent, which exists too."""

    fields: Callable[[Draw], dict[str, Any]]
    parents: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ("created_at", "updated_at")


def born(kind: str, object_id: str, seed: int) -> dict[str, Any]:
    """The object before any event told more than that it exists."""
    return KINDS[kind].fields(Draw(seed, kind, object_id))


def renewed(kind: str, object_id: str, seed: int, fields: Collection[str], former: Object) -> dict[str, Any]:
    """Other values for these fields, each different from the one it has, so that a change is a change."""
    for turn in range(1, MANY):
        whole = KINDS[kind].fields(Draw(seed, kind, object_id, turn))
        if all(whole[field] != former[field] for field in fields):
            return {field: whole[field] for field in fields}
    return {}


def produced(system_size_stc: int) -> dict[str, Any]:
    """The energy that a system of so many watts makes in a year."""
    annual = system_size_stc * KWH_PER_KILOWATT // 1_000
    return {"annual": annual, "monthly": _over_a_year(annual)}


def _customer(draw: Draw) -> dict[str, Any]:
    first = draw.one_of(("Sunny", "Misty", "Dawn", "Ray", "Gale", "Skye"), "first name")
    last = draw.one_of(("Example", "Sample", "Placeholder", "Specimen"), "last name")
    return {
        "customer_salutation": draw.one_of(("Mr.", "Ms.", "Dr."), "salutation"),
        "customer_first_name": first,
        "customer_last_name": last,
        "customer_address": _address(draw),
        "customer_email": f"{first}.{last}.{draw.number(1, 9999, 'mailbox')}@example.com".lower(),
        "customer_phone": f"+1 202 555 {draw.number(100, 199, 'phone'):04}",
    }


def _address(draw: Draw) -> str:
    street = draw.one_of(("Sample Street", "Example Avenue", "Specimen Lane"), "street")
    return f"{draw.number(1, 999, 'house')} {street}, Exampleton"


def _place(draw: Draw) -> dict[str, Any]:
    return {
        "latitude": draw.number(-90_000, 90_000, "latitude") / 1_000_000,
        "longitude": draw.number(-90_000, 90_000, "longitude") / 1_000_000,
    }


def _project(draw: Draw) -> dict[str, Any]:
    customer = _customer(draw)
    return {
        "id": draw.id,
        "external_provider_id": None,
        "name": f"{customer['customer_last_name']} residence {draw.number(1, 9999, 'name')}",
        **customer,
        "property_address": _address(draw),
        "location": _place(draw),
        "project_type": "residential",
        "status": None,
        "ahj_id": None,
        "owner_id": draw.uuid("owner"),
        "team_id": draw.uuid("team"),
    }


def _consumption_profile(draw: Draw) -> dict[str, Any]:
    return {"project_id": draw.id, "monthly_energy": _over_a_year(draw.number(4_000, 14_000, "energy"))}


def _design(draw: Draw) -> dict[str, Any]:
    panels = draw.number(8, 40, "panels")
    return {
        "id": draw.id,
        "external_provider_id": None,
        "name": f"Design {draw.number(1, 99, 'name')}",
        "system_size_stc": panels * PANEL_WATTS,
        "bill_of_materials": [
            _component("modules", f"Sample Module {PANEL_WATTS} W", panels, draw),
            _component("inverters", "Sample Inverter", 1, draw),
        ],
        "energy_production": None,
    }


def _component(kind: str, name: str, quantity: int, draw: Draw) -> dict[str, Any]:
    return {"id": draw.uuid(kind), "name": name, "component_type": kind, "quantity": quantity}


def _over_a_year(annual: int) -> list[int]:
    return [annual * percent // 100 for percent in MONTHLY_PERCENT]


def _web_proposal(draw: Draw) -> dict[str, Any]:
    return {"design_id": draw.id, "url": f"https://proposals.example.com/{draw.uuid('link')}"}


def _agreement(draw: Draw) -> dict[str, Any]:
    return {
        "id": draw.id,
        "agreement_template_name": draw.one_of(("Sample Purchase Agreement", "Sample Lease Agreement"), "template"),
        "status": None,
        "sent_at": None,
        "last_viewed_at": None,
        "error_message": None,
    }


def _lead(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "address": _address(draw), "project_id": None, **_place(draw), "customer": _customer(draw)}


def _design_request(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "status": "submitted", **_place(draw)}


def _plan_set_request(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "status": "draft", "rejection_reasons": []}


def _site_survey(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "status": "requested"}


def _asset(draw: Draw) -> dict[str, Any]:
    return {"id": draw.id, "asset_type": None, "url": f"https://assets.example.com/{draw.id}"}


def _job(draw: Draw) -> dict[str, Any]:
    return {"job_id": draw.id, "created_at": None, "completed_at": None, "status": "in-progress", "error": None}


def _latest_design(draw: Draw) -> dict[str, Any]:
    """No object of the provider's: our note of the design that a project's next agreement is about."""
    return {"project_id": draw.id, "design_id": None}


KINDS: Mapping[str, Kind] = {
    "project": Kind(_project),
    "consumption_profile": Kind(_consumption_profile, parents=("project",)),
    "design": Kind(_design, parents=("project",)),
    "latest_design": Kind(_latest_design),
    "web_proposal": Kind(_web_proposal, parents=("design",)),
    "agreement": Kind(_agreement, parents=("project", "design")),
    "lead": Kind(_lead),
    "design_request": Kind(_design_request, parents=("project",)),
    "plan_set_request": Kind(_plan_set_request, parents=("project", "design")),
    "site_survey_request": Kind(_site_survey, parents=("project",)),
    "site_survey": Kind(_site_survey, parents=("project",)),
    "asset": Kind(_asset, parents=("design",)),
    "auto_designer_job": Kind(_job, parents=("design",), stamps=()),
    "irradiance_job": Kind(_job, parents=("design",), stamps=()),
    "performance_simulation_job": Kind(_job, parents=("design",), stamps=()),
    "fire_pathway_placement_job": Kind(_job, parents=("design",), stamps=()),
    "solar_estimation_job": Kind(_job, parents=("lead",), stamps=()),
}
