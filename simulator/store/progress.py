"""How far a resend of many deliveries has come: written with every delivery it resends, so that a restart goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlite_utils import Database

from simulator.domain.delivery import State
from simulator.store.record import write_json
from simulator.store.selection import Choice

TOLD = 20  # refusals that are kept word for word; further ones are counted


@dataclass(frozen=True, slots=True)
class Progress:
    """One accepted resend (R10).

    Deliveries after `upto` began later and are not meant; those up to `position` have been looked at. `refusals` holds
    the first refused deliveries and why.
    """

    id: int
    choice: Choice
    accepted_at: int
    upto: int
    position: int = 0
    resent: int = 0
    refused: int = 0
    refusals: tuple[tuple[int, str], ...] = ()
    finished: bool = False

    def after(self, delivery_id: int, refusal: str = "") -> Progress:
        """One delivery further: it was resent, or refused with these words."""
        if not refusal:
            return replace(self, position=delivery_id, resent=self.resent + 1)
        told = (*self.refusals, (delivery_id, refusal))[:TOLD]
        return replace(self, position=delivery_id, refused=self.refused + 1, refusals=told)


def write_progress(progress: Progress) -> tuple[Any, ...]:
    """A row of `resends`."""
    return (
        progress.id,
        write_json(asdict(progress.choice)),
        progress.accepted_at,
        progress.upto,
        progress.position,
        progress.resent,
        progress.refused,
        write_json(progress.refusals),
        progress.finished,
    )


def all_progress(db: Database) -> Iterator[Progress]:
    """Every resend that was ever accepted, oldest first."""
    for row in db.query("SELECT * FROM resends ORDER BY id"):
        words = json.loads(row["wanted"])
        states = words.pop("states")
        yield Progress(
            id=row["id"],
            choice=Choice(states and tuple(map(State, states)), **words),
            accepted_at=row["at"],
            upto=row["upto"],
            position=row["position"],
            resent=row["resent"],
            refused=row["refused"],
            refusals=tuple((delivery_id, why) for delivery_id, why in json.loads(row["refusals"])),
            finished=bool(row["finished"]),
        )
