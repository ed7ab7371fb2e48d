"""Aurora's profile: what the guide says as data, with the readings where it is silent."""

from __future__ import annotations

from typing import Any

from simulator.domain.health import DisableRule
from simulator.domain.provider import Profile, Quota, Readings
from simulator.domain.world import World
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.clauses import CLAUSES, GROUNDS
from simulator.providers.aurora.form import FORM
from simulator.providers.aurora.management import APPLICATIONS, FACES
from simulator.providers.aurora.reads import PATHS, read
from simulator.providers.aurora.request import build_request
from simulator.providers.aurora.samples import SAMPLES
from simulator.providers.aurora.sentences import SENTENCES
from simulator.providers.aurora.stories import STORIES
from simulator.providers.aurora.subscription import credentials, define, suggest
from simulator.providers.aurora.tenant import apply


def _suggest(event: str, receiver: str) -> dict[str, Any]:
    return suggest(CATALOGUE[event], receiver)


AURORA = Profile(
    name="aurora",
    catalogue=CATALOGUE,
    timeout_seconds=10,
    ladder_seconds=(30, 300, 1_800, 10_800, 72_000),
    disable=DisableRule(attempts=100, window_seconds=48 * 3_600),
    quota=Quota(limit=5, per_event=True, excess="refuse"),
    resend_days=30,
    readings=Readings(),
    define=define,
    build_request=build_request,
    stories=STORIES,
    samples=SAMPLES,
    suggest=_suggest,
    faces=FACES,
    applications=APPLICATIONS,
    say_credentials=credentials,
    form=FORM,
    world=World(fold=apply, read=read, paths=PATHS),
    sentences=SENTENCES,
    grounds=GROUNDS,
    clauses=CLAUSES,
)
