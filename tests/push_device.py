"""A device that has subscribed, and the push service between it and the house, in tests. Rule: it knows the RFCs and
nothing of the house: what it gets it decrypts by itself (RFC 8291), and it checks whose it is (RFC 8292).
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """One with its own address at the push service."""

    def __init__(self, endpoint: str = "https://push.example/device/1") -> None:
        self.endpoint = endpoint
        self._key = ec.generate_private_key(CURVE)
        self._auth = os.urandom(16)
        self._public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = text_of(self._public), text_of(self._auth)

    @property
    def keys(self) -> str:
        """As IRC has them."""
        return f"p256dh={self.p256dh};auth={self.auth}"

    def read(self, body: bytes) -> str:
        """What was sent; an error where it is not for this device."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(body) <= size == 4096
        shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = _hkdf(self._auth, shared, b"WebPush: info\0" + self._public + sender, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        text, end, padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert end
        assert not padding.strip(b"\0")
        return text.decode()


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def claims_of(authorization: str, key: str) -> dict[str, Any]:
    """What a house says of itself, if it is the one with this public key."""
    kind, _, rest = authorization.partition(" ")
    parts = dict(each.strip().split("=", 1) for each in rest.split(","))
    assert kind == "vapid"
    assert parts["k"] == key
    head, claims, signature = parts["t"].split(".")
    numbers = bytes_of(signature)
    der = encode_dss_signature(int.from_bytes(numbers[:32]), int.from_bytes(numbers[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes_of(key))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(bytes_of(head)) == {"typ": "JWT", "alg": "ES256"}
    found: dict[str, Any] = json.loads(bytes_of(claims))
    return found


class PushService:
    """Takes what the house posts; answers as the test says, or 201."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.answers: list[int] = []

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """See `teahouse.runtime.Post`."""
        self.got.append((url, body, headers))
        return self.answers.pop(0) if self.answers else 201

    def texts(self, device: Device) -> list[str]:
        """What this device has been sent since one looked last."""
        own = [body for url, body, _ in self.got if url == device.endpoint]
        self.got = [each for each in self.got if each[0] != device.endpoint]
        return [device.read(body) for body in own]
