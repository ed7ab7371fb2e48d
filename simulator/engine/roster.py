"""The subscriptions as they stand: latest revisions, who listens to which event, and their health.

In: checked definitions. Out: revisions. Kept in memory whole: a subscription costs about 2 kB with its health.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from simulator.domain.event import Event
from simulator.domain.health import Health
from simulator.domain.provider import Profile, over_quota
from simulator.domain.subscription import Definition, Owner, Subscription
from simulator.errors import Bug, Invalid, NotFound, Problem, did_you_mean

AUDIENCES = 4096  # remembered at most: an event may occur in any tenant, also where nobody listens


class Roster:
    """Every subscription that was ever made, deleted ones included: attempts on the wire still speak of them."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._by_id: dict[str, Subscription] = {}
        self._numbers: dict[str, int] = {}
        self._listening: dict[tuple[Owner, str], set[str]] = {}
        self._audiences: dict[tuple[str, str], list[Subscription]] = {}  # by tenant and event, until something changes
        self._of_owner: dict[Owner, set[str]] = {}
        self._enabled_by: dict[str, set[str]] = {}
        self._subscribed: set[str] = set()
        self._health: dict[str, Health] = {}

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, subscription_id: str) -> Subscription:
        """The latest revision, also of a deleted one; raises `NotFound`."""
        if subscription_id not in self._by_id:
            raise NotFound(f'there is no subscription "{subscription_id}"')
        return self._by_id[subscription_id]

    def named(self, name: str) -> Subscription:
        """The latest revision of the subscription with this label; raises `NotFound` that lists the labels."""
        for subscription in reversed(self._by_id.values()):
            if subscription.name == name:
                return subscription
        names = [subscription.name for subscription in self._by_id.values()]
        hint = did_you_mean(name, names)
        raise NotFound(f'there is no subscription named "{name}"{hint}; there are {", ".join(names) or "none"}')

    def of_owner(self, owner: Owner) -> list[Subscription]:
        """The subscriptions of a tenant or an application that are not deleted, oldest first."""
        return self._by_age(self._of_owner.get(owner, ()))

    def listening(self, tenant_id: str, event: str) -> list[Subscription]:
        """Who subscribed to this event of this tenant, enabled or not, oldest first (E2).

        Besides the tenant's own these are the subscriptions of the applications that it enabled (S13).
        """
        audience = self._audiences.get((tenant_id, event))
        if audience is None:
            if len(self._audiences) >= AUDIENCES:
                self._audiences.clear()
            audience = self._audiences[tenant_id, event] = self._audience(tenant_id, event)
        return audience

    def _audience(self, tenant_id: str, event: str) -> list[Subscription]:
        applications = self._subscribed.intersection(self._enabled_by.get(tenant_id, ()))
        owners = (Owner(tenant_id), *(Owner(one, "application") for one in applications))
        return self._by_age(chain.from_iterable(self._listening.get((owner, event), ()) for owner in owners))

    def hear(self, event: Event) -> list[Subscription]:
        """Who listens to an event that occurs now.

        An event that enables or disables an application does so, and the application itself hears of both (S13).
        """
        applications = self._profile.applications
        switched = applications.switched(event) if applications else None
        if switched is None:
            return self.listening(event.tenant_id, event.name)
        application_id, enabled = switched
        self._audiences.clear()
        enabled_here = self._enabled_by.setdefault(event.tenant_id, set())
        enabled_here.add(application_id)
        listening = self.listening(event.tenant_id, event.name)
        if not enabled:
            enabled_here.discard(application_id)
            self._audiences.clear()
        return listening

    def has_enabled(self, tenant_id: str, application_id: str) -> bool:
        """Whether this tenant has enabled this application, and not disabled it again (S13)."""
        return application_id in self._enabled_by.get(tenant_id, ())

    def health(self, subscription_id: str) -> Health:
        return self._health.get(subscription_id, Health())

    def set_health(self, subscription_id: str, health: Health) -> None:
        self._health[subscription_id] = health

    def check_quota(self, owner: Owner, wanted: Definition, *, but: str = "") -> None:
        """Refuse one subscription too many for an event of an owner (S9); `but` is the one being changed."""
        others = [one.definition for one in self.of_owner(owner) if one.id != but]
        quota = self._profile.quota
        if event := over_quota(quota, others, wanted, self._profile.readings):
            text = f"{event} has {quota.limit} subscriptions in this {owner.kind} already, which is the limit (S9)"
            raise Invalid([Problem(("event",), text)])

    def put(self, subscription: Subscription) -> None:
        """Take in a new subscription or its next revision."""
        former = self._by_id.get(subscription.id)
        if former and subscription.revision != former.revision + 1:
            raise Bug(f"revision {subscription.revision} of {subscription.id} cannot follow {former.revision}")
        if former:
            self._forget(former)
        self._audiences.clear()
        self._by_id[subscription.id] = subscription
        self._numbers.setdefault(subscription.id, len(self._numbers))
        if subscription.application_id:
            self._subscribed.add(subscription.application_id)
        if subscription.deleted_at is None:
            for place in self._places(subscription):
                place.add(subscription.id)

    def _forget(self, former: Subscription) -> None:
        for place in self._places(former):
            place.discard(former.id)

    def _places(self, subscription: Subscription) -> Iterable[set[str]]:
        owner = subscription.owner
        return chain(
            (self._of_owner.setdefault(owner, set()),),
            (self._listening.setdefault((owner, event), set()) for event in subscription.definition.events),
        )

    def _by_age(self, ids: Iterable[str]) -> list[Subscription]:
        """Oldest first, however often they were changed: deliveries of one event are numbered in this order."""
        return [self._by_id[one] for one in sorted(ids, key=self._numbers.__getitem__)]
