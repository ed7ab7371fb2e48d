"""A lesson whose steps act through the provider's API, on the objects of the simulation that is served (A12)."""

from __future__ import annotations

from dataclasses import replace

from taught import RECEIVER, taught

from simulator.dashboard.lesson import Lesson
from simulator.providers import AURA
from simulator.scenario.guest import as_guest
from simulator.scenario.load import parse_scenario

ACTING = """
name: A callout is created
provider: aura
switches: {allow_http: true}
subscriptions:
  - {name: control room, url: "{receiver}/aura", events: [NEW_CALLOUT]}
timeline:
  - {at: +1m, act: {action: create_callout, attributes: {id: "42"}}}
  - {at: +2m, stop: {say: A callout was created., look_at: events}}
"""


async def test_a_lesson_may_act_through_the_providers_api_as_a_run_may() -> None:
    aura = replace(AURA, readings=replace(AURA.readings, **AURA.on_this_machine))
    async with taught(profile=aura) as face:
        start = face.desk.service.clock.now()
        scenario = as_guest(parse_scenario(ACTING, "acting.yaml", start=start), "lesson-1")
        lesson = Lesson(face.desk, "acting", scenario, receiver=RECEIVER, changed=lambda: None)
        lesson.begin()
        await lesson.go_on()
        await lesson.end()
        assert lesson.trouble == ""
        assert [one["event"] for one in (await face.get("/simulator/events")).json["events"]] == ["NEW_CALLOUT"]
