"""The kill matrix: every check against every flawed sample receiver.

In: the sample receivers, served on loopback one after the other. Out: which checks fired on which, and a table for
people. A flaw is caught by its own check; where another fires too, the reason stands here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.contract.checks import CATALOGUE
from simulator.contract.probe import Probes, UrlProbe
from simulator.contract.target import Target
from simulator.contract.verify import Api, Verification, verify
from simulator.domain.provider import Profile
from simulator.providers import profile_named
from simulator.receivers import SPOKEN, load
from simulator.receivers.app import make_app
from simulator.report.model import Report
from simulator.wire.targets import Targets

OWN: Mapping[str, str] = {
    "expects-post": "method",
    "redirects": "redirect",
    "fails-after-the-first": "every-event",
    "checks-no-token": "credentials-wrong",
    "accepts-absent-token": "credentials-absent",
    "compares-token-loosely": "credentials-near",
    "refuses-unfamiliar-status": "unfamiliar-status",
    "refuses-unfamiliar-parameters": "unfamiliar-parameter",
    "works-before-answering": "burst",
    "answers-everything": "effect",
    "answers-before-failing": "effect",
    "merges-genuine-repeats": "genuine-repeat",
    "decodes-twice": "decoding",
    "counts-duplicates": "duplicate-in-a-row",
    "races-on-duplicates": "duplicate-at-once",
    "last-write-wins": "convergence",
    "aura-expects-get": "method",
    "aura-ignores-headers": "credentials-wrong",
    "aura-refuses-unfamiliar-events": "unfamiliar-event",
    "aura-refuses-unfamiliar-fields": "unfamiliar-field",
    "aura-refuses-deprecated-events": "deprecated-event",
    "aura-counts-duplicates": "duplicate-in-a-row",
    "aura-knows-by-id": "further-status",
    "aura-merges-repeats": "genuine-repeat",
    "aura-never-polls": "polling",
}
"""The check that each flaw is caught by."""

FURTHER: Mapping[tuple[str, str], str] = {
    ("answers-everything", "credentials-wrong"): "it answers 200 to everything, so also to whoever has no token",
}
"""Where a check fires on a flaw that is not its own, and why that is right."""

EVENTS: Mapping[str, tuple[str, ...]] = {
    "aurora": (
        "agreement_status_changed",
        "plan_set_request_status_changed",
        "project_status_changed",
        "asset_created",
        "lead_created",
        "lead_converted",
        "consumption_profile_changed",
        "web_proposal_url_created",
    ),
}
"""Of each provider enough for every check to apply, all where nothing stands here: more would add nothing but time."""

TOKEN = ("X-Webhook-Token", "Not-a-secret-1")
PATIENCE_SECONDS = 2.0

Fired = Mapping[str, Collection[str]]


async def kill_matrix(api: Api, kinds: Mapping[str, Collection[str]] = SPOKEN) -> Fired:
    """For each kind of receiver, by the provider whose events it takes, the checks that failed."""
    fired = {}
    for provider, those in kinds.items():
        for kind in those:
            report = await verify_kind(kind, profile_named(provider), api)
            fired[kind] = [check.id for check in report.checks if check.verdict == "fail"]
    return fired


async def verify_kind(kind: str, profile: Profile, api: Api, *, patience_seconds: float = PATIENCE_SECONDS) -> Report:
    """All checks against one kind of sample receiver, with every probe that it has; `api` serves what it may poll."""
    async with _served(kind) as url:
        targets = Targets()
        probes = Probes(
            state=UrlProbe(f"{url}/state", targets),
            repeats=UrlProbe(f"{url}/refreshes", targets),
            forget=UrlProbe(f"{url}/reset", targets, method="POST"),
            reconcile=UrlProbe(f"{url}/reconciled?api=<API>&token=<KEY>", targets),
        )
        wanted = Verification(
            Target(url, TOKEN),
            profile.for_this_machine(),
            EVENTS.get(profile.name, ()),
            probes,
            seed=1,
            api=api,
            patience_seconds=patience_seconds,
        )
        return await verify(wanted)


def matrix_table(fired: Fired) -> str:
    """The matrix in Markdown: a row for each receiver, its own check first."""
    rows = ["| receiver | caught by | fires too |", "|---|---|---|"]
    for kind, checks in fired.items():
        own = OWN.get(kind, "")
        further = [f"`{check}`: {FURTHER.get((kind, check), 'no reason known')}" for check in checks if check != own]
        caught = f"`{own}`" if own in checks else "nothing"
        rows.append(f"| `{kind}` | {caught} | {'; '.join(further) or '–'} |")
    idle = [f"`{check.id}`" for check in CATALOGUE if not any(check.id in checks for checks in fired.values())]
    return "\n".join([*rows, "", f"No sample receiver fails: {', '.join(idle)}."])


@asynccontextmanager
async def _served(kind: str) -> AsyncIterator[str]:
    runner = web.AppRunner(make_app(load(kind)(":memory:", TOKEN)), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
