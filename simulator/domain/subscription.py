"""Subscriptions: who wants which event where. Frozen values with numbered revisions (S14)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from simulator.domain.auth import HIDDEN, BasicAuth, HeaderAuth
from simulator.domain.filters import Filter


@dataclass(frozen=True, slots=True)
class Definition:
    """What the customer said, checked. A change makes a new one; attempts use the latest (E8, R5)."""

    events: tuple[str, ...]
    url_template: str
    enabled: bool = True
    description: str | None = None
    headers: tuple[HeaderAuth, ...] = ()
    basic_auth: BasicAuth | None = None
    filters: tuple[Filter, ...] = ()
    credentials: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    """The headers that carry them, as every attempt sends them (E7)."""

    def __post_init__(self) -> None:
        basic = (self.basic_auth.header(),) if self.basic_auth else ()
        object.__setattr__(self, "credentials", (*(one.header() for one in self.headers), *basic))

    def without_secrets(self) -> Definition:
        """The same definition as anybody may see it: every secret is hidden, that there is one is not (S7)."""
        basic = self.basic_auth and BasicAuth(self.basic_auth.username, HIDDEN)
        return replace(self, headers=tuple(HeaderAuth(one.name, HIDDEN) for one in self.headers), basic_auth=basic)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a subscription is: a tenant's, or a partner application's, which many tenants may have enabled (S13)."""

    id: str
    kind: Literal["tenant", "application"] = "tenant"

    def __str__(self) -> str:
        return f'{self.kind} "{self.id}"'


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription at one revision. `name` is a label of ours for people; `id` is the provider's UUID (S6).

    It belongs to a tenant and listens to that tenant alone, or it belongs to an application, has no tenant of its own
    and listens to every tenant that enabled the application (S13).
    """

    id: str
    tenant_id: str
    name: str
    revision: int
    definition: Definition
    created_at: int
    updated_at: int
    disabled_at: int | None = None
    disabled_reason: str = ""
    deleted_at: int | None = None
    application_id: str = ""

    @property
    def owner(self) -> Owner:
        return Owner(self.application_id, "application") if self.application_id else Owner(self.tenant_id)

    @property
    def enabled(self) -> bool:
        return self.definition.enabled and self.deleted_at is None

    def revised(self, definition: Definition, at: int, reason: str = "") -> Subscription:
        """The next revision. `reason` says why, where the change disables it."""
        if definition.enabled:
            disabled_at, disabled_reason = None, ""
        elif self.definition.enabled:
            disabled_at, disabled_reason = at, reason
        else:
            disabled_at, disabled_reason = self.disabled_at, self.disabled_reason
        return replace(
            self,
            revision=self.revision + 1,
            definition=definition,
            updated_at=at,
            disabled_at=disabled_at,
            disabled_reason=disabled_reason,
        )

    def deleted(self, at: int) -> Subscription:
        return replace(self, revision=self.revision + 1, updated_at=at, deleted_at=at)
