"""Two runs as `report.json` would hold them: a weekend to look at, and a run of any size to count.

The weekend has three subscriptions, an outage, an auto-disable with events missed, an enabling with a corrected URL, a
resend, a duplicate, filtered and pending deliveries, and an answer that would like to be markup.
"""

from __future__ import annotations

import heapq

from sample_document import HOUR, LADDER, OK, Answer, Document, Lane, attempt, delivery, document, fault, iso

END = int(54.5 * HOUR)
ENABLED_AGAIN = 40 * HOUR
HOSTILE = "</script><img src=x onerror=alert(1)>"
DISABLED = "auto-disabled: 100 attempts within 48 h and no success among them (R7)"


def sample_report() -> Document:
    """64 deliveries over 54 virtual hours; two of four expectations fail."""
    lanes = (_crm(), _jobs(), _designs())
    deliveries = Weekend(lanes).run()
    _resend(deliveries, lanes[1], at=41.5 * HOUR)
    faults = [
        fault(lanes[0], (1, 7), id="crm-outage", kind="refuse", summary="refuse · 6h"),
        fault(lanes[2], (20, 22), id="designs-503", kind="status", summary="status 503 · 2h"),
    ]
    return document(lanes, deliveries, END, _expectations(deliveries), faults)


def big_report(deliveries: int = 10_000, attempts: int = 50_000) -> Document:
    """A week with exactly this many deliveries and attempts, spread over three subscriptions."""
    lanes = (_crm(), _jobs(), _designs())
    share, more = divmod(attempts, deliveries)
    made = []
    for n in range(deliveries):
        lane, at = lanes[n % 3], n * 6 * 24 * HOUR / deliveries
        one = delivery(lane, n + 1, at, lane.attributes(1))
        failing = (("server_error", 503, "", ""), ("refused", None, "connection refused", ""))[n % 2]
        count = share + (n < more)
        for position in range(1, count + 1):
            attempt(lane, one, at, OK if position == count and n % 5 else failing)
            at += LADDER[min(position, len(LADDER)) - 1]
        one["state"] = "delivered" if n % 5 else "exhausted"
        made.append(one)
    return document(lanes, made, 7 * 24 * HOUR, [], [])


# ---- the three subscriptions


def _crm() -> Lane:
    statuses = ("sent", "viewed", "declined", "signed")
    refused = ("refused", None, "connection refused", "crm-outage")
    lane = Lane(
        name="crm",
        event="agreement_status_changed",
        path="/agreement_status_changed?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>",
        answer=lambda at: refused if HOUR <= at < 7 * HOUR else OK,
        attributes=lambda n: {
            "PROJECT_ID": f"p-{n // 4:03d}",
            "AGREEMENT_ID": f"a-{n // 4:03d}",
            "STATUS": statuses[n % 4],
        },
        occurs=tuple((0.4 + 1.55 * n) * HOUR for n in range(30)),
        auth=("X-Aurora-Webhook-Token",),
        filters=(("STATUS", ("sent", "viewed", "signed")),),
    )
    lane.revise(3 * HOUR, "header token")
    return lane


def _jobs() -> Lane:
    early = [0.1 * n for n in range(5)]
    steady = [1.2 + 1.4 * n for n in range(14)]
    missed, after = [27, 31, 35], [42, 46, 50]
    return Lane(
        name="jobs",
        event="auto_designer_job_completed",
        path="/jobs?design_id=<DESIGN_ID>&job_id=<JOB_ID>&status=<STATUS>&source=<SOURCE>",
        answer=lambda at: OK if at >= ENABLED_AGAIN else ("server_error", 500, "", ""),
        attributes=lambda n: {
            "DESIGN_ID": f"d-{n:03d}",
            "JOB_ID": f"job-{n:04d}",
            "STATUS": "succeeded",
            "SOURCE": "api",
        },
        occurs=tuple(hour * HOUR for hour in (*early, *steady, *missed, *after)),
    )


def _designs() -> Lane:
    troubles: list[tuple[float, float, Answer]] = [
        (9, 13, ("headers_timeout", None, "no headers within 10 s", "")),
        (20, 22, ("server_error", 503, "", "designs-503")),
        (45, 45.2, ("redirect", 302, f"Location: /login?next={HOSTILE}", "")),
        (53, 99, ("dns", None, "the name does not resolve", "")),
    ]

    def answer(at: float) -> Answer:
        return next((answer for since, until, answer in troubles if since * HOUR <= at < until * HOUR), OK)

    return Lane(
        name="designs",
        event="design_request_completed",
        path="/designs?design_request_id=<DESIGN_REQUEST_ID_IN_AURORA>&status=<STATUS>",
        answer=answer,
        attributes=lambda n: {"DESIGN_REQUEST_ID_IN_AURORA": f"dr-{n:03d}", "STATUS": f"done {HOSTILE}"},
        occurs=(*((0.7 + 3.7 * n) * HOUR for n in range(14)), 53.2 * HOUR, 53.9 * HOUR),
        auth=("Authorization: Basic",),
    )


# ---- running them


class Weekend:
    """A small engine: every attempt in the order of its instant, and the disable rule for `jobs`."""

    def __init__(self, lanes: tuple[Lane, ...]) -> None:
        self.lanes = {lane.id: lane for lane in lanes}
        self.jobs = lanes[1]
        self.failures = 0
        self.disabled_at = float("inf")
        born = sorted((at, lane.id, n) for lane in lanes for n, at in enumerate(lane.occurs))
        self.made = [
            delivery(self.lanes[id_], number, at, self.lanes[id_].attributes(n))
            for number, (at, id_, n) in enumerate(born, 1)
        ]
        self.queue = [(at, number) for number, (at, _, _) in enumerate(born, 1)]

    def run(self) -> list[Document]:
        heapq.heapify(self.queue)
        while self.queue and self.queue[0][0] <= END:
            at, number = heapq.heappop(self.queue)
            one = self.made[number - 1]
            if one["state"] == "pending":
                self._step(self.lanes[one["subscription_id"]], one, at)
        return self.made

    def _step(self, lane: Lane, one: Document, at: float) -> None:
        if any(one["attributes"][name] not in allowed for name, allowed in lane.filters):
            _settle(one, "filtered", f"filter STATUS refused {one['attributes']['STATUS']!r} (E3)")
        elif lane is self.jobs and self.disabled_at <= at < ENABLED_AGAIN:
            _settle(one, "cancelled", "occurred while the subscription was disabled (R8)")
        elif attempt(lane, one, at, lane.answer(at))["outcome"] == "success":
            _settle(one, "delivered")
            if one["attributes"].get("DESIGN_REQUEST_ID_IN_AURORA") == "dr-001":
                attempt(lane, one, at + 5, OK, position=1, duplicate=True, why="sent twice on purpose (R11)")
        else:
            self._failed(lane, one, at)

    def _failed(self, lane: Lane, one: Document, at: float) -> None:
        made = one["attempts"][-1]
        if made["position"] > len(LADDER):
            _settle(one, "exhausted", made["why"])
        else:
            took = 10 if made["outcome"].endswith("timeout") else 0
            due = at + took + LADDER[made["position"] - 1]
            one["next_due_at"] = iso(due)
            heapq.heappush(self.queue, (due, one["id"]))
        if lane is self.jobs:
            self.failures += 1
            if self.failures == 100:
                self._disable(at)

    def _disable(self, at: float) -> None:
        """The hundredth failure disables; later a person corrects the URL and enables again."""
        self.disabled_at = at
        for one in self.made:
            if one["subscription_id"] == self.jobs.id and one["state"] == "pending" and one["attempts"]:
                _settle(one, "cancelled", DISABLED)
        self.jobs.revise(at, DISABLED, enabled=False)
        self.jobs.path = "/v2" + self.jobs.path
        self.jobs.revise(ENABLED_AGAIN, "enabled, URL template")


def _settle(one: Document, state: str, reason: str = "") -> None:
    one.update(state=state, reason=reason, next_due_at=None)


def _resend(deliveries: list[Document], lane: Lane, at: float) -> None:
    one = next(one for one in deliveries if one["subscription_id"] == lane.id and one["state"] == "exhausted")
    attempt(lane, one, at, OK, position=1, chain=2, why="a complete 2xx in time (R1)")
    _settle(one, "delivered")


def _expectations(deliveries: list[Document]) -> list[Document]:
    by_state = {
        state: [one["id"] for one in deliveries if one["state"] == state] for state in ("exhausted", "cancelled")
    }
    exhausted, cancelled = by_state["exhausted"], by_state["cancelled"]
    rows: list[tuple[str, str, str, str, list[int]]] = [
        ("crm: every delivery is delivered", "pass", "share 1.0", "23 of 23 delivered", []),
        ("jobs is never disabled", "fail", "enabled from start to end", DISABLED, cancelled),
        ("no delivery is exhausted", "fail", "0 exhausted", f"{len(exhausted)} exhausted", exhausted),
        ("crm: attempts of delivery 1", "pass", "0s", "0s", [1]),
    ]
    return [
        dict(zip(("name", "verdict", "expected", "actual", "evidence"), row, strict=True))
        | {"where": f"scenarios/weekend-outage.yaml:{line}"}
        for line, row in enumerate(rows, 41)
    ]
