"""By what push services know the house (VAPID, RFC 8292). Rule: one key for each house, made once: devices subscribe
to it, so that another key would cost every subscription.
"""

from __future__ import annotations

import json
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from teahouse.push.encryption import point, to_text

HALF_A_DAY = 43_200
"""Seconds that one token serves; a service may refuse those that are good for more than a day (section 2)."""
SERVICES = 64
"""Push services whose tokens are kept: there are hardly ever more than five."""
BYTES = 32


def fresh() -> str:
    """A new private key, as it is kept."""
    secret = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return secret.to_bytes(BYTES).hex()


class Keys:
    """The key pair of a house. Raises ValueError where `kept` is no private key."""

    def __init__(self, kept: str) -> None:
        self._key = ec.derive_private_key(int(kept, 16), ec.SECP256R1())
        self.public = to_text(point(self._key))
        """As clients are told it."""
        self._token = lru_cache(SERVICES)(self._signed)

    def authorization(self, endpoint: str, contact: str, now: float) -> str:
        """What says to the push service of an address whose message it is; `now` in seconds since 1970."""
        there = urlsplit(endpoint)
        origin = f"{there.scheme}://{there.netloc}".lower()
        until = (int(now) // HALF_A_DAY + 2) * HALF_A_DAY
        return f"vapid t={self._token(origin, contact, until)}, k={self.public}"

    def _signed(self, origin: str, contact: str, until: int) -> str:
        """A JWT (RFC 7519) with ES256."""
        claims = {"aud": origin, "exp": until} | ({"sub": contact} if contact else {})
        text = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        numbers = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA256())))
        return f"{text}.{to_text(b''.join(each.to_bytes(BYTES) for each in numbers))}"


def _part(claims: dict[str, object]) -> str:
    return to_text(json.dumps(claims, separators=(",", ":")).encode())
