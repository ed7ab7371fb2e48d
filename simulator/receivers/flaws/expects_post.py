"""Takes webhooks by POST only.

Most providers post JSON, and "Aurora webhooks are fired as GET requests" is read too late: every attempt is answered
405.
"""

from __future__ import annotations

from typing import ClassVar

from simulator.receivers.robust import Receiver


class ExpectsPost(Receiver):
    method: ClassVar[str] = "POST"
