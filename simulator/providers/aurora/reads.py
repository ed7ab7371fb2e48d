"""The provider's own read paths over the objects of a simulated tenant (E10).

In: one tenant's objects, and the path (as it stands on the wire) and query of a GET. Out: the body, or None where the
provider says 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from simulator.domain.world import Object, Objects

TENANT = "/tenants/{tenant_id}"
NO_QUERY: Mapping[str, str] = MappingProxyType({})


def whole(one: Object) -> Object:
    return one


def summary(design: Object) -> Object:
    shown = ("external_provider_id", "project_id", "system_size_stc", "bill_of_materials", "energy_production")
    return {"design_id": design["id"], **{name: design[name] for name in shown}}


@dataclass(frozen=True, slots=True)
class Read:
    """One kind of GET within a tenant. `{id}` finds the object; another name must hold what the object says.

    The kind is the envelope's name, too, where the object does not stand bare.
    """

    pattern: str
    kind: str
    view: Callable[[Object], Object] = whole
    bare: bool = False

    @property
    def path(self) -> str:
        """The whole path, for a router."""
        return TENANT + self.pattern.partition("?")[0]

    def match(self, path: str, query: Mapping[str, str]) -> dict[str, str] | None:
        """What the pattern's names hold in this path and query; None where they are not of this pattern."""
        _, _, question = self.pattern.partition("?")
        parameter, _, placeholder = question.partition("=")
        wanted, held = [*self.path.split("/"), placeholder], [*map(unquote, path.split("/")), query.get(parameter, "")]
        if len(wanted) != len(held):
            return None
        names = {}
        for want, have in zip(wanted, held, strict=True):
            if have and want.startswith("{"):
                names[want.strip("{}")] = have
            elif want and want != have:
                return None
        return names


# A lead stands bare in the guide's own example. That a job's id stands in the query is the reference's way; it does
# not show the last segment of these paths, so those segments are our reading (I).
READS = (
    Read("/projects/{id}", "project"),
    Read("/projects/{id}/consumption_profile", "consumption_profile"),
    Read("/designs/{id}", "design"),
    Read("/designs/{id}/summary", "design", view=summary),
    Read("/designs/{id}/web_proposal", "web_proposal"),
    Read("/agreements/{id}", "agreement"),
    Read("/design_requests/{id}", "design_request"),
    Read("/plan_set_requests/{id}", "plan_set_request"),
    Read("/leads/{id}", "lead", bare=True),
    Read("/site_survey_requests/{id}", "site_survey_request"),
    Read("/site_surveys/{id}", "site_survey"),
    Read("/assets/{id}", "asset"),
    Read("/designs/{design_id}/auto_designer?job_id={id}", "auto_designer_job"),
    Read("/designs/{design_id}/irradiance?job_id={id}", "irradiance_job"),
    Read("/designs/{design_id}/performance_simulation?job_id={id}", "performance_simulation_job"),
    Read("/designs/{design_id}/fire_pathway_placement?job_id={id}", "fire_pathway_placement_job"),
    Read("/leads/{lead_id}/solar_estimation?job_id={id}", "solar_estimation_job"),
)

PATHS = tuple(dict.fromkeys(one.path for one in READS))


def read(objects: Objects, path: str, query: Mapping[str, str] = NO_QUERY) -> dict[str, Any] | None:
    """The body of `GET path?query` for the tenant whose objects these are; None: there is nothing to read there."""
    for one in READS:
        names = one.match(path, query)
        if names is None:
            continue
        found = objects.get((one.kind, names["id"]))
        if found is None or not _belongs(found, names):
            return None
        shown = deepcopy(dict(one.view(found)))
        return shown if one.bare else {one.kind: shown}
    return None


def _belongs(found: Object, names: Mapping[str, str]) -> bool:
    """A job is found under its own design or lead only."""
    return all(found[name] == value for name, value in names.items() if name not in ("id", "tenant_id"))
