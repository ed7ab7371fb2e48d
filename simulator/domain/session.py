"""Session tokens: what a partner application may read in one tenant, for an hour (S13).

In: a session and the seed of the run. Out: a token, or the session that a token stands for. A token proves itself, so
nobody keeps a list of them: none to fill up, none to lose at a restart. It is made of unreserved characters only, so
a URL carries it as it is.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass
from hashlib import blake2b
from hmac import compare_digest


@dataclass(frozen=True, slots=True)
class Session:
    """An application that acts in a tenant before the virtual instant `expires_at`."""

    application_id: str
    tenant_id: str
    expires_at: int


def mint(session: Session, seed: int) -> str:
    """The token for a session; the same session and seed make the same token."""
    content = _text(json.dumps(astuple(session)).encode())
    return f"{content}.{_seal(content, seed)}"


def open_session(token: str, seed: int) -> Session | None:
    """The session that this token stands for, expired or not; None where the token was not minted with this seed."""
    content, _, seal = token.partition(".")
    if not compare_digest(seal.encode(errors="surrogatepass"), _seal(content, seed).encode()):
        return None
    application_id, tenant_id, expires_at = json.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    return Session(application_id, tenant_id, expires_at)


def _seal(content: str, seed: int) -> str:
    key = blake2b(f"session of run {seed}".encode(), digest_size=32).digest()
    return _text(blake2b(content.encode(errors="surrogatepass"), key=key, digest_size=18).digest())


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode("ascii").rstrip("=")
