"""What AURA's guide says, by the check of a receiver that a sentence supports, or leaves nothing to do (A1–A13)."""

from __future__ import annotations

from collections.abc import Mapping

_ONCE = "A9: deliveries are attempted once; an event that failed is not retried"
_AUTHENTIC = "A7: registered headers are on every delivery, so that your endpoint can authenticate the caller"
_IN_TIME = "A9: respond quickly with a 2xx; the only attempt fails after 10 seconds"
_IDEMPOTENT = "A10: be idempotent, the same event may arrive more than once"
_IN_BODY = "A7: each delivery is one POST of a JSON object to the registered URL"

SENTENCES: Mapping[str, str] = {
    "method": _IN_BODY,
    "redirect": "A9: a 3xx is a failure; it is not followed, and the event is not retried",
    "every-event": "A5, A9: deliveries are attempted once; an event that is not answered 2xx in time is lost",
    "deprecated-event": "A6: existing registrations of a deprecated event still work",
    "encryption": "A3: the endpoint URL must be HTTPS",
    "credentials-right": "A7: any headers you register are included on every delivery",
    "credentials-wrong": _AUTHENTIC,
    "credentials-absent": _AUTHENTIC,
    "credentials-near": "A7: registered headers are sent as they were registered, to the letter",
    "hostile-values": "A7, A8: names and classifications are texts of people; JSON carries any of them",
    "unfamiliar-status": "A11: a callout shows its status; no list of statuses is given",
    "unfamiliar-parameter": _IN_BODY,
    "unfamiliar-field": "A7, A8: the payload is an object; some events carry more in it than others",
    "unfamiliar-event": "A5: the list of events is not complete in public, and more can be added",
    "answer-time": _IN_TIME,
    "burst": f"{_IN_TIME}, also when many events occur at once",
    "effect": "A9: deliveries are attempted once; what was answered 2xx never comes again",
    "further-status": "A10: key on message and the entity's id; the id alone merges what differs",
    "genuine-repeat": "A10: message and id merge genuine repeats too, such as a second CALLOUT_EVENTS_CHANGED",
    "decoding": _IN_BODY,
    "duplicate-in-a-row": _IDEMPOTENT,
    "duplicate-later": _IDEMPOTENT,
    "duplicate-at-once": f"{_IDEMPOTENT}, and nothing says that the first was answered before",
    "lost-acknowledgement": _ONCE,
    "convergence": _ONCE,
    "outage": _ONCE,
    "recovery": _ONCE,
    "polling": "A9, A11: the webhook stream is no complete ledger; reconcile by polling the callout",
}
