"""What Aurora's guide says, by the check of a receiver that a sentence supports, or leaves nothing to do (E1–R14)."""

from __future__ import annotations

from collections.abc import Mapping

_AUTHENTIC = "E7: authentication verifies that webhooks came from Aurora rather than someone claiming to be Aurora"
_RETRIED = "R3: failed webhooks are retried 5 times over 24 hours"
_TWICE = "R11: in some rare cases a webhook is sent twice"

SENTENCES: Mapping[str, str] = {
    "method": "E4: Aurora webhooks are fired as GET requests",
    "redirect": "R2: a 3xx status code counts as a failure, and is not followed",
    "every-event": "E1, R1: a webhook that is not answered 2xx within the limit is sent again, up to 5 times",
    "deprecated-event": "E1: the catalogue lists 26 events; none of them is deprecated",
    "encryption": "S11: you can ensure that the payload is encrypted by using an HTTPS URL",
    "credentials-right": "E7: the header's name and value, or the basic pair, are sent with every attempt",
    "credentials-wrong": _AUTHENTIC,
    "credentials-absent": _AUTHENTIC,
    "credentials-near": "E7: the exact name and value are sent",
    "hostile-values": "E1, E6: an attribute without a list of values may hold any text, percent-encoded",
    "unfamiliar-status": "E1: further values are a change that the provider may make without notice",
    "unfamiliar-parameter": "E1, E5: further attributes are a change that the provider, or a template, may make",
    "unfamiliar-field": "E4: a webhook is a GET without a body",
    "unfamiliar-event": "E2, E5: each event goes to the URL template of its own subscription",
    "answer-time": "R1: your application is expected to respond within 10 seconds",
    "burst": "R1: your application is expected to respond within 10 seconds, also when many events occur at once",
    "effect": "R1: a 2xx says that the event was received; it is never sent again",
    "further-status": "R11: duplicates are detected by unique identifiers, or by comparing to the previous state",
    "genuine-repeat": "R11: several events carry no id of their occurrence; a genuine repeat has a duplicate's URL",
    "decoding": "E6: only unreserved characters stay bare; everything else is percent-encoded once",
    "duplicate-in-a-row": "R11: receiving the same webhook a second time in a row should have no additional effect",
    "duplicate-later": f"{_TWICE}; a resend may come up to 30 days later",
    "duplicate-at-once": f"{_TWICE}; nothing says that the first was answered before",
    "lost-acknowledgement": "R1, R2: an answer that does not come in time is a failure, and the webhook is sent again",
    "convergence": "R11: ordering between events is not guaranteed; your endpoint should handle this accordingly",
    "outage": _RETRIED,
    "recovery": "R7, R9, R10: after an auto-disable the subscription is enabled again, and notifications are resent",
    "polling": _RETRIED,
}
