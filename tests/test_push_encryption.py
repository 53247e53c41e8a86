"""Encryption and signature of push messages, by the RFCs' own example and by a device that reads them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from push_device import Device, bytes_of, claims_of
from teahouse.push.encryption import MOST, RECORD, encrypt, from_text, public_key, to_text
from teahouse.push.keys import HALF_A_DAY, Keys, fresh

# RFC 8291, section 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOW = 1_795_000_000.0


def test_the_example_of_the_rfc() -> None:
    key = ec.derive_private_key(int.from_bytes(bytes_of(SENDER)), ec.SECP256R1())
    made = encrypt(TEXT, bytes_of(RECEIVER), bytes_of(AUTH), key=key, salt=bytes_of(SALT))
    assert to_text(made) == BODY


@pytest.mark.parametrize("size", [0, 1, 100, MOST])
def test_a_device_reads_it(size: int) -> None:
    device = Device()
    body = encrypt(b"x" * size, from_text(device.p256dh), from_text(device.auth))
    assert device.read(body) == "x" * size
    assert len(body) <= RECORD


def test_what_does_not_fit_is_not_sent() -> None:
    device = Device()
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (MOST + 1), from_text(device.p256dh), from_text(device.auth))


def test_no_two_are_alike() -> None:
    device = Device()
    one, other = (encrypt(b"tea", from_text(device.p256dh), from_text(device.auth)) for _ in range(2))
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]


@pytest.mark.parametrize("data", [b"", b"\x04" * 65, b"\x02" + b"\x01" * 32, bytes_of(RECEIVER)[:-1] + b"\0"])
def test_what_is_no_point_of_the_curve_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        public_key(data)


def test_the_house_says_whose_it_is() -> None:
    keys = Keys(fresh())
    said = keys.authorization("https://Push.example:8443/a/b?c", "mailto:amy@tea.example", NOW)
    claims = claims_of(said, keys.public)
    assert claims["aud"] == "https://push.example:8443"
    assert claims["sub"] == "mailto:amy@tea.example"
    assert HALF_A_DAY <= claims["exp"] - NOW <= 2 * HALF_A_DAY
    assert "sub" not in claims_of(keys.authorization("https://push.example/", "", NOW), keys.public)


def test_a_key_is_the_same_for_ever() -> None:
    kept = fresh()
    assert Keys(kept).public == Keys(kept).public != Keys(fresh()).public
