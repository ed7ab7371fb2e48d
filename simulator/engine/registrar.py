"""Subscriptions are made, changed, disabled, enabled and deleted here, each change a new revision (S14).

In: the customer's words. Out: revisions in roster and ledger; pending retries of a subscription that wants no more
are cancelled, and attempts that are on the wire learn that they will not be retried (R5, R6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulator.clock.clock import Clock
from simulator.domain.chance import seeded_uuid
from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.health import Health
from simulator.domain.provider import Profile, over_quota
from simulator.domain.reasons import BY_CUSTOMER, DELETED, MOVED, REPLACED
from simulator.domain.subscription import Definition, Owner, Subscription
from simulator.engine.flight import Flight
from simulator.engine.inflight import InFlight
from simulator.engine.roster import Roster
from simulator.errors import Invalid, NotFound, Problem, TargetNotAllowed
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending


class Registrar:
    """The one place that changes subscriptions. `changed` is called after every change."""

    def __init__(
        self,
        *,
        profile: Profile,
        clock: Clock,
        ledger: Ledger,
        roster: Roster,
        pending: Pending,
        inflight: InFlight,
        seed: int,
        changed: Callable[[int], None],
    ) -> None:
        self._profile, self._clock, self._ledger, self._roster = profile, clock, ledger, roster
        self._pending, self._inflight, self._seed, self._changed = pending, inflight, seed, changed
        self.check_target: Callable[[str], object] = lambda _: None
        """Asked about the URL of every definition; raises `TargetNotAllowed`, which refuses the definition."""

    def register(self, tenant_id: str, words: Mapping[str, Any], *, name: str = "") -> Subscription:
        """A new subscription of a tenant; raises `Invalid` for words or a quota that do not hold (S9–S12)."""
        return self.register_for(Owner(tenant_id), words, name=name)

    def register_for(self, owner: Owner, words: Mapping[str, Any], *, name: str = "") -> Subscription:
        """The same for a tenant or a partner application (S13); raises `NotFound` where there are no applications."""
        drafted = self.draft(owner, words, name=name)
        for replaced in self.replaced_by(drafted):
            self.delete(replaced.id, self._profile.because(REPLACED))
        return self._take(drafted)

    def draft(self, owner: Owner, words: Mapping[str, Any], *, name: str = "") -> Subscription:
        """What `register_for` would make of these words, or its refusal; nothing is made (S9–S12)."""
        definition = self._define(owner, words)
        if self._profile.quota.excess == "refuse":
            self._roster.check_quota(owner, definition)
        now = self._clock.now()
        number = len(self._roster) + 1
        return Subscription(
            id=seeded_uuid(self._seed, "subscription", number),
            tenant_id=owner.id if owner.kind == "tenant" else "",
            application_id=owner.id if owner.kind == "application" else "",
            name=name or f"{definition.events[0]}-{number}",
            revision=1,
            definition=definition,
            created_at=now,
            updated_at=now,
            disabled_at=None if definition.enabled else now,
            disabled_reason="" if definition.enabled else self._by_customer,
        )

    def replaced_by(self, drafted: Subscription) -> list[Subscription]:
        """Those whose place a new one takes, where the provider lets one too many replace the oldest (S9, A2)."""
        quota, others = self._profile.quota, self._roster.of_owner(drafted.owner)
        replaced: list[Subscription] = []
        while quota.excess == "replace" and over_quota(
            quota, [one.definition for one in others], drafted.definition, self._profile.readings
        ):
            replaced.append(others.pop(0))
        return replaced

    def update(self, subscription_id: str, words: Mapping[str, Any]) -> Subscription:
        """The next revision with these fields changed; raises `NotFound` or `Invalid` (S2, R5)."""
        drafted = self.redraft(subscription_id, words)
        return self._revise(self._present(subscription_id), drafted.definition, self._by_customer)

    def redraft(self, subscription_id: str, words: Mapping[str, Any]) -> Subscription:
        """What `update` would make of it, or its refusal; nothing is changed (S2, R5)."""
        former = self._present(subscription_id)
        definition = self._define(former.owner, words, former.definition)
        self._roster.check_quota(former.owner, definition, but=subscription_id)
        return former.revised(definition, self._clock.now(), self._by_customer)

    def enable(self, subscription_id: str) -> Subscription:
        """Works at once and starts the failure count afresh (R9); raises `Invalid` where there is no room (S9)."""
        former = self._present(subscription_id)
        definition = self._allowed(replace(former.definition, enabled=True))
        self._roster.check_quota(former.owner, definition, but=subscription_id)
        return self._revise(former, definition, self._by_customer)

    def disable(self, subscription_id: str, reason: str = "") -> Subscription:
        """Cancels the pending retries for good, unless the reading says otherwise (R6, R8)."""
        former = self._present(subscription_id)
        return self._revise(former, replace(former.definition, enabled=False), reason or self._by_customer)

    def delete(self, subscription_id: str, reason: str = "") -> Subscription:
        subscription = self._take(self._present(subscription_id).deleted(self._clock.now()))
        self._cancel(subscription_id, reason or self._profile.because(DELETED))
        return subscription

    def cancel(self, delivery_id: int, rung: Rung, reason: str) -> None:
        """This attempt, no longer waited for, will not be made; a delivery that was delivered stays so."""
        state = move(rung.waiting_state, Move.CANCEL)
        self._ledger.add_move(delivery_id, Move.CANCEL, state, at=self._clock.now(), reason=reason)
        self._changed(int(state is State.CANCELLED))

    def withdraw(self, flight: Flight) -> None:
        """An attempt that was stopped before it was on the wire is cancelled like one that waits (R6, R8)."""
        self._ledger.recall(flight.delivery_id, flight.rung)
        self.cancel(flight.delivery_id, flight.rung, flight.stopped)

    @property
    def _by_customer(self) -> str:
        return self._profile.because(BY_CUSTOMER)

    def _define(self, owner: Owner, words: Mapping[str, Any], former: Definition | None = None) -> Definition:
        profile = self._profile
        return self._allowed(profile.definer(owner)(words, former, profile.catalogue, profile.readings))

    def _allowed(self, definition: Definition) -> Definition:
        """The definition, where its receiver may be reached."""
        try:
            self.check_target(definition.url_template)
        except TargetNotAllowed as refusal:
            raise Invalid([Problem((self._profile.address_field,), str(refusal))]) from None
        return definition

    def _present(self, subscription_id: str) -> Subscription:
        subscription = self._roster.get(subscription_id)
        if subscription.deleted_at is not None:
            raise NotFound(f'the subscription "{subscription_id}" was deleted')
        return subscription

    def _revise(self, former: Subscription, definition: Definition, reason: str) -> Subscription:
        subscription = self._take(former.revised(definition, self._clock.now(), reason))
        if definition.enabled and not former.definition.enabled and self._profile.readings.reset_on_reenable:
            self._roster.set_health(former.id, Health())
        if definition.events != former.definition.events:
            self._cancel(former.id, self._profile.because(MOVED))
        elif not definition.enabled and former.definition.enabled and self._profile.readings.disable_cancels_pending:
            self._cancel(former.id, reason)
        return subscription

    def _take(self, subscription: Subscription) -> Subscription:
        self._roster.put(subscription)
        self._ledger.add_revision(subscription)
        self._changed(0)
        return subscription

    def _cancel(self, subscription_id: str, reason: str) -> None:
        for flight in self._inflight.of_subscription(subscription_id):
            flight.stopped = flight.stopped or reason
        for delivery_id, rung in self._pending.drop_subscription(subscription_id):
            self.cancel(delivery_id, rung, reason)
