"""Subscriptions as they stand while a plan is computed: made, changed, disabled, enabled and deleted here.

In: the customer's words. Out: revisions (S14), and deliveries that are cancelled because their subscription wants no
more of them (R5, R6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.domain.chance import seeded_uuid
from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.health import Health
from simulator.domain.provider import Profile, over_quota
from simulator.domain.reasons import BY_CUSTOMER, DELETED, MOVED, REPLACED
from simulator.domain.subscription import Definition, Subscription
from simulator.errors import Invalid, NotFound, Problem
from simulator.plan.backlog import Backlog
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.instants import Instants
from simulator.plan.records import Disabling

if TYPE_CHECKING:
    from simulator.plan.journal import Journal


class Roster:
    """Every subscription that was ever made, oldest first."""

    def __init__(self, profile: Profile, instants: Instants, backlog: Backlog, seed: int) -> None:
        self._profile, self._instants, self._backlog, self._seed = profile, instants, backlog, seed
        self.journal: Journal | None = None
        self._by_id: dict[str, Listener] = {}
        self._by_tenant: dict[str, list[Listener]] = {}
        self._listening: dict[tuple[str, str], list[Listener]] = {}

    @property
    def listeners(self) -> list[Listener]:
        return list(self._by_id.values())

    def listening(self, tenant_id: str, event: str) -> Iterable[Listener]:
        """Who subscribed to this event of this tenant, enabled or not, oldest first (E2)."""
        listening = self._listening.get((tenant_id, event))
        if listening is None:
            listening = [one for one in self._of(tenant_id) if event in one.subscription.definition.events]
            self._listening[tenant_id, event] = listening
        return listening

    def register(self, tenant_id: str, words: Mapping[str, Any], *, name: str) -> str:
        """A new subscription; its id. Raises `Invalid` for words or a quota that do not hold (S9–S12)."""
        definition = self._profile.define(words, None, self._profile.catalogue, self._profile.readings)
        self._make_room(tenant_id, definition)
        now = self._instants.now
        made = Subscription(
            id=seeded_uuid(self._seed, "subscription", len(self._by_id) + 1),
            tenant_id=tenant_id,
            name=name,
            revision=1,
            definition=definition,
            created_at=now,
            updated_at=now,
            disabled_at=None if definition.enabled else now,
            disabled_reason="" if definition.enabled else self._by_customer,
        )
        listener = self._by_id[made.id] = Listener(made, self._profile.disable)
        self._by_tenant.setdefault(tenant_id, []).append(listener)
        if not definition.enabled:
            listener.disablings.append(Disabling(now, self._by_customer, automatic=False))
        self._listening.clear()
        if self.journal:
            self.journal.revised(made)
        return made.id

    def update(self, subscription_id: str, words: Mapping[str, Any]) -> None:
        """The next revision with these fields changed; raises `NotFound` or `Invalid` (S2, R5)."""
        listener = self._present(subscription_id)
        former = listener.subscription
        definition = self._profile.define(words, former.definition, self._profile.catalogue, self._profile.readings)
        self._check_quota(former.tenant_id, definition, but=listener)
        self._revise(listener, definition, self._by_customer)

    def enable(self, subscription_id: str) -> None:
        """Works at once and starts the failure count afresh (R9)."""
        self.update(subscription_id, {"enabled": True})

    def disable(self, subscription_id: str, reason: str = "", *, automatic: bool = False) -> None:
        """Cancels the pending retries for good, unless the reading says otherwise (R6, R8)."""
        listener = self._present(subscription_id)
        definition = replace(listener.subscription.definition, enabled=False)
        self._revise(listener, definition, reason or self._by_customer, automatic=automatic)

    def delete(self, subscription_id: str, reason: str = "") -> None:
        """Nothing is sent any more, and what was pending is cancelled (R6)."""
        listener = self._present(subscription_id)
        self._take(listener, listener.subscription.deleted(self._instants.now))
        self._cancel_all(listener, reason or self._profile.because(DELETED))

    def cancel(self, delivery: Foreseen, rung: Rung, reason: str) -> None:
        """An attempt, no longer waited for, will not be made; a delivery that awaited a duplicate stays delivered."""
        delivery.stands(move(rung.waiting_state, Move.CANCEL), reason, self._instants.now)
        if self.journal:
            self.journal.moved(delivery, Move.CANCEL, self._instants.now)
        if delivery.state is State.CANCELLED:
            delivery.to.lost(reason)
        self._backlog.arm()

    @property
    def _by_customer(self) -> str:
        return self._profile.because(BY_CUSTOMER)

    def _present(self, subscription_id: str) -> Listener:
        listener = self._by_id[subscription_id]
        if listener.subscription.deleted_at is not None:
            raise NotFound(f'the subscription "{subscription_id}" was deleted')
        return listener

    def _revise(self, listener: Listener, definition: Definition, reason: str, *, automatic: bool = False) -> None:
        now, former, readings = self._instants.now, listener.subscription, self._profile.readings
        self._take(listener, former.revised(definition, now, reason))
        if definition.enabled and not former.definition.enabled:
            listener.disablings[-1].enabled_at = now
            listener.health = Health() if readings.reset_on_reenable else listener.health
        disabled = former.definition.enabled and not definition.enabled
        if disabled:
            listener.disablings.append(Disabling(now, reason, automatic))
        if definition.events != former.definition.events:
            self._cancel_all(listener, self._profile.because(MOVED))
        elif disabled and readings.disable_cancels_pending:
            self._cancel_all(listener, reason)

    def _take(self, listener: Listener, revision: Subscription) -> None:
        listener.stands(revision)
        if self.journal:
            self.journal.revised(revision)
        self._listening.clear()
        self._backlog.arm()

    def _cancel_all(self, listener: Listener, reason: str) -> None:
        """Cancel what waits; what is on the wire learns that it will not be retried."""
        for delivery in listener.on_wire.values():
            delivery.stopped = delivery.stopped or reason
        for delivery, rung in self._backlog.drop_all(listener):
            self.cancel(delivery, rung, reason)

    def _of(self, tenant_id: str) -> list[Listener]:
        """A tenant's subscriptions that are not deleted, oldest first."""
        return [one for one in self._by_tenant.get(tenant_id, ()) if one.subscription.deleted_at is None]

    def _make_room(self, tenant_id: str, wanted: Definition) -> None:
        """One too many is refused, or takes the place of the oldest, as the provider has it (S9, A2)."""
        quota, others = self._profile.quota, self._of(tenant_id)
        if quota.excess == "refuse":
            self._check_quota(tenant_id, wanted)
            return
        while over_quota(quota, [one.subscription.definition for one in others], wanted, self._profile.readings):
            self.delete(others.pop(0).subscription.id, self._profile.because(REPLACED))

    def _check_quota(self, tenant_id: str, wanted: Definition, *, but: Listener | None = None) -> None:
        others = [one.subscription.definition for one in self._of(tenant_id) if one is not but]
        quota = self._profile.quota
        if event := over_quota(quota, others, wanted, self._profile.readings):
            text = f"{event} has {quota.limit} subscriptions in this tenant already, which is the limit (S9)"
            raise Invalid([Problem(("event",), text)])
