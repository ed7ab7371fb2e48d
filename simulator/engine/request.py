"""The exact request of one attempt: what the profile builds, and for a partner application the session it is given.

In: a subscription, an event and the instant of the attempt. Out: a request whose secrets are sent and never shown.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.domain.event import Event
from simulator.domain.instant import SECOND
from simulator.domain.provider import Applications, Profile
from simulator.domain.request import Request
from simulator.domain.session import Session, mint
from simulator.domain.subscription import Subscription


def request_for(subscription: Subscription, event: Event, profile: Profile, seed: int, started_at: int) -> Request:
    """The request for an event under the latest definition (E4–E9, S13)."""
    if not (profile.applications and subscription.application_id):
        return profile.build_request(subscription.definition, event, profile.readings)
    at_event = profile.readings.session_token_minted == "event"  # noqa: S105 - the value of a reading
    minted_at = event.occurred_at if at_event else started_at
    token = mint(_session(profile.applications, subscription, event, minted_at), seed)
    told = {profile.applications.tenant: event.tenant_id, profile.applications.token: token}
    event = replace(event, attributes={**event.attributes, **told})
    return profile.build_request(subscription.definition, event, profile.readings).hiding(token)


def _session(applications: Applications, subscription: Subscription, event: Event, minted_at: int) -> Session:
    expires_at = minted_at + applications.session_seconds * SECOND
    return Session(subscription.application_id, event.tenant_id, expires_at)
