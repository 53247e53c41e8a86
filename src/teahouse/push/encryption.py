"""What only the subscribed device can read. Rule: RFC 8291 with one record of `aes128gcm` (RFC 8188), and nothing
else; the push service sees a length.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4_096
"""Bytes of the body that every push service takes (RFC 8030, 7.2), and of its one record."""
SALT, KEY, NONCE, TAG, AUTH = 16, 16, 12, 16, 16
POINT = 65
"""Bytes of a public key: uncompressed, on P-256."""
MOST = RECORD - (SALT + 4 + 1 + POINT) - TAG - 1
"""Bytes that can be sent at once."""
LAST = b"\x02"
"""What ends the last record (RFC 8188, 2)."""


def encrypt(
    text: bytes,
    p256dh: bytes,
    auth: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
) -> bytes:
    """The body of a push message for the device with this public key and this secret. `key` and `salt` are made for
    each, and are given by tests only. Raises ValueError where the key is none, or the text does not fit."""
    if len(text) > MOST:
        raise ValueError(f"a push message has at most {MOST} bytes")
    key = key or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(SALT)
    theirs, ours = public_key(p256dh), point(key)
    shared = key.exchange(ec.ECDH(), theirs)
    secret = _derived(auth, shared, b"WebPush: info\0" + p256dh + ours, 32)
    content_key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", KEY)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", NONCE)
    header = salt + RECORD.to_bytes(4) + bytes((POINT,)) + ours
    return header + AESGCM(content_key).encrypt(nonce, text + LAST, None)


def public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    """A key as devices give it. Raises ValueError for what is no point of P-256."""
    if len(data) != POINT:
        raise ValueError("a public key has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key that belongs to it, as `public_key` takes it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def to_text(data: bytes) -> str:
    """Bytes as Web Push has them everywhere: base64 for addresses, without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def from_text(text: str) -> bytes:
    """The other way, with or without padding. Raises ValueError."""
    if not text.isascii():
        raise ValueError("not base64")
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
