"""AURA's profile: what the guide says as data, with the readings where it is silent."""

from __future__ import annotations

from simulator.domain.provider import Profile, Quota
from simulator.domain.world import World
from simulator.providers.aura.actions import ACTIONS
from simulator.providers.aura.catalogue import CATALOGUE, UNFAMILIAR
from simulator.providers.aura.clauses import CLAUSES, GROUNDS
from simulator.providers.aura.form import FORM
from simulator.providers.aura.management import FACE
from simulator.providers.aura.payload import dated
from simulator.providers.aura.readings import AuraReadings
from simulator.providers.aura.registration import credentials, define, suggest
from simulator.providers.aura.request import build_request
from simulator.providers.aura.samples import SAMPLES
from simulator.providers.aura.sentences import SENTENCES
from simulator.providers.aura.stories import STORIES
from simulator.providers.aura.world import PATHS, SILENT, fold, read

AURA = Profile(
    name="aura",
    catalogue=CATALOGUE,
    timeout_seconds=10,
    ladder_seconds=(),
    disable=None,
    quota=Quota(limit=1, per_event=False, excess="replace"),
    resend_days=None,
    readings=AuraReadings(),
    define=define,
    build_request=build_request,
    stories=STORIES,
    samples=SAMPLES,
    suggest=suggest,
    address_field="url",
    events_field="events",
    values_in="body",
    world=World(fold=fold, read=read, paths=PATHS),
    keyed_face=FACE,
    actions=ACTIONS,
    silent=SILENT,
    say_credentials=credentials,
    form=FORM,
    on_this_machine={"allow_http": True},
    dated=dated,
    unfamiliar=UNFAMILIAR,
    sentences=SENTENCES,
    grounds=GROUNDS,
    clauses=CLAUSES,
)
