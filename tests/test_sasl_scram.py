"""SCRAM (RFC 5802, RFC 7677), against a client that knows nothing of the house's own code."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sasl_client import ELSEWHERE, GOOD, HOME, SCRAMS, Front, ScramClient
from teahouse.errors import ChatError, NotAllowed, TooLong, UsageError, WrongPassword
from teahouse.sasl import Peer
from teahouse.sasl.keys import ITERATIONS, derived
from teahouse.sasl.keys import _mark as mark
from teahouse.sasl.scram import Scram

BASE64 = st.binary(max_size=80).map(lambda data: b64encode(data).decode())


@pytest.fixture
def front() -> Front:
    made = Front()
    made.register()
    return made


def test_the_example_of_rfc_7677() -> None:
    front = Front()
    front.register("user")
    keys = derived("SCRAM-SHA-256", "pencil", b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4_096)
    kept = front.kept("user")
    scram = {"of": mark(kept.password), "SCRAM-SHA-256": keys.text()}
    front.save(replace(kept, settings={"scram": scram}))
    exchange = Scram(
        front.accounts, Peer(ELSEWHERE), "SCRAM-SHA-256", lambda: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    )
    challenge = front.say(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    both = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    assert challenge == both + b",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    proof = b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    assert front.say(exchange, b"c=biws," + both + proof) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert front.end(exchange, b"").name == "user"


@pytest.mark.parametrize("mechanism", SCRAMS)
@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        (GOOD, GOOD),
        ("пароль долгий 🫖", "пароль долгий 🫖"),
        ("I\u00adX is the ninth", "IX is the ninth"),  # RFC 4013 section 3
        ("\ufb01ne \u2168 teas, no milk", "fine IX teas, no milk"),
        ("cafe\u0301\u00a0society", "caf\u00e9 society"),
        ("\u0627\u0644\u0634\u0627\u064a 1234", "\u0627\u0644\u0634\u0627\u064a 1234"),  # no form: as it is
    ],
)
def test_all_passwords_of_people(mechanism: str, chosen: str, typed: str) -> None:
    front = Front()
    front.register("amy", chosen)
    assert front.scram(mechanism, "amy", typed).name == "amy"
    with pytest.raises(WrongPassword):
        front.scram(mechanism, "amy", typed + "!")


@pytest.mark.parametrize("mechanism", SCRAMS)
def test_two_logins_share_no_nonce(front: Front, mechanism: str) -> None:
    said = {front.say(front.begin(mechanism), "n,,n=amy,r=x") for _ in range(20)}
    assert len(said) == 20


@pytest.mark.parametrize("header", ["y,,", "n,a=AMY,", "y,a=amy,"])
def test_headers(front: Front, header: str) -> None:
    client = ScramClient("SCRAM-SHA-256", "amy", GOOD, header=header)
    exchange = front.begin("SCRAM-SHA-256")
    client.check(front.say(exchange, client.final(front.say(exchange, client.first()))))
    assert front.end(exchange, b"").name == "amy"


def test_another_identity_is_refused_after_the_proof_alone(front: Front) -> None:
    for password, error in ((GOOD, NotAllowed), ("a wrong guess", WrongPassword)):
        client = ScramClient("SCRAM-SHA-256", "amy", password, header="n,a=bob,")
        exchange = front.begin("SCRAM-SHA-256")
        answer = client.final(front.say(exchange, client.first()))
        with pytest.raises(error):
            front.say(exchange, answer)


def test_names_are_unescaped(front: Front) -> None:
    """No nick has such signs, so that nobody comes in; but the name is the same one at every step."""
    client = ScramClient("SCRAM-SHA-256", "a,m=y", GOOD)
    exchange = front.begin("SCRAM-SHA-256")
    answer = client.final(front.say(exchange, client.first()))
    assert exchange._name == "a,m=y"  # type: ignore[attr-defined]
    with pytest.raises(WrongPassword):
        front.say(exchange, answer)


# ---- who is nobody -----------------------------------------------------------------------------------------


def shape(front: Front, mechanism: str, name: str) -> tuple[int, int]:
    client = ScramClient(mechanism, name, GOOD)
    client.final(front.say(front.begin(mechanism), client.first()))
    return len(client.salt), client.iterations


def salt(front: Front, mechanism: str, name: str) -> bytes:
    client = ScramClient(mechanism, name, GOOD)
    client.final(front.say(front.begin(mechanism), client.first()))
    return client.salt


@pytest.mark.parametrize("mechanism", SCRAMS)
def test_nobody_looks_like_somebody(front: Front, mechanism: str) -> None:
    front.register("bob", "green tea at five")
    front.save(replace(front.kept("bob"), settings={}))
    assert (
        shape(front, mechanism, "amy") == shape(front, mechanism, "nobody") == shape(front, mechanism, "bob")
    )
    errors = []
    for name in ("amy", "nobody", "bob"):
        with pytest.raises(WrongPassword) as error:
            front.scram(mechanism, name, "a wrong guess")
        errors.append(error.value.text)
        front.house.wait(2_000)
    assert len(set(errors)) == 1


def test_in_earnest_it_is_as_much_work_for_nobody() -> None:
    front = Front()
    front.accounts._passwords.cheap = False
    for mechanism in SCRAMS:
        keys = front.ask(front.accounts.scram_keys("nobody", mechanism))
        assert keys.iterations == ITERATIONS[mechanism] >= 4_096


def test_nobody_is_the_same_each_time_and_in_each_form(front: Front) -> None:
    again = Front()
    again.accounts.secret = front.accounts.secret
    for mechanism in SCRAMS:
        one = salt(front, mechanism, "nobody")
        assert one == salt(front, mechanism, "NoBody") == salt(again, mechanism, "nobody")
        assert one not in (salt(front, mechanism, "nobody2"), salt(Front(), mechanism, "nobody"))
    assert salt(front, SCRAMS[0], "nobody") != salt(front, SCRAMS[1], "nobody")
    assert salt(front, SCRAMS[0], "amy") != salt(front, SCRAMS[1], "amy")


def test_what_is_kept_in_a_form_that_nobody_can_read(front: Front) -> None:
    forms: list[Any] = ["", 5, [], {}, {"of": 1}, {"of": mark(front.kept().password), "SCRAM-SHA-256": "$$"}]
    for broken in forms:
        front.save(replace(front.kept(), settings={"scram": broken}))
        with pytest.raises(WrongPassword):
            front.scram("SCRAM-SHA-256", "amy", GOOD)
        front.house.wait(2_000)
    front.plain("amy", GOOD)
    assert front.scram("SCRAM-SHA-256", "amy", GOOD).name == "amy"


# ---- what else clients say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "",
        "n,,",
        "n,,n=amy",
        "n,,r=x,n=amy",
        "n,,n=,r=x",
        "n,,n=amy,r=",
        "n,,n=amy,r=x y",
        "n,,n=amy,r=x,",
        "n,,n=amy,r=x,y",
        "n,amy,n=amy,r=x",
        "n,a=,n=amy,r=x",
        "n,,m=must,n=amy,r=x",
        "N,,n=amy,r=x",
        "n=amy,r=x",
        "n,,n=a=my,r=x",
        "n,,n=amy=2c,r=x",
        "n,a=a=,n=amy,r=x",
        "n,,n=a\0my,r=x",
        "n,,n=amy,r=x\n",
        "p=tls-unique,,n=amy,r=x",
        "p=tls-exporter,,n=amy,r=x",
    ],
)
def test_first_messages_that_are_none(front: Front, said: str) -> None:
    with pytest.raises(UsageError):
        front.say(front.begin("SCRAM-SHA-256"), said)


@pytest.mark.parametrize(
    "said",
    [f"n,,n={'a' * 256},r=x", f"n,a={'a' * 256},n=amy,r=x", f"n,,n=amy,r={'x' * 257}", "n,,n=" + "a" * 2_000],
)
def test_first_messages_that_are_too_long(front: Front, said: str) -> None:
    with pytest.raises(TooLong):
        front.say(front.begin("SCRAM-SHA-256"), said)


def test_extensions_that_may_be_passed_over(front: Front) -> None:
    client = ScramClient("SCRAM-SHA-256", "amy", GOOD)
    client.bare += ",x=of no account"
    exchange = front.begin("SCRAM-SHA-256")
    client.check(front.say(exchange, client.final(front.say(exchange, client.first()))))
    assert front.end(exchange, b"").name == "amy"


def proof_for(front: Front, exchange: Any, password: str = GOOD) -> str:
    client = ScramClient("SCRAM-SHA-256", "amy", password)
    return client.final(front.say(exchange, client.first()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c=biws", "c=eSws"),
        ("c=biws", "c=biw"),
        ("r=cnonce", "r=Cnonce"),
        ("r=cnonce", "r="),
        (",p=", "0,p="),
        (",p=", ",p=AAAA"),
        (",p=", ",q="),
        (",p=", ",p=="),
        ("c=biws,", ""),
    ],
)
def test_answers_that_are_none(front: Front, old: str, new: str) -> None:
    exchange = front.begin("SCRAM-SHA-256")
    answer = proof_for(front, exchange)
    assert old in answer
    with pytest.raises(UsageError):
        front.say(exchange, answer.replace(old, new))
    with pytest.raises(UsageError, match="begin a new one"):
        front.say(exchange, answer)


@pytest.mark.parametrize("step", [0, 1])
def test_messages_cut_at_every_byte(front: Front, step: int) -> None:
    exchange = front.begin("SCRAM-SHA-256")
    whole = proof_for(front, exchange) if step else "n,,n=amy,r=cnonce"
    for size in range(len(whole) - (0 if step else len("cnonce"))):
        exchange = front.begin("SCRAM-SHA-256")
        if step:
            front.say(exchange, "n,,n=amy,r=cnonce")
        with pytest.raises(UsageError):
            front.say(exchange, whole[:size])


@given(first=BASE64, nonce=st.booleans(), proof=BASE64)
def test_made_up_answers_open_nothing(first: str, nonce: bool, proof: str) -> None:
    front = Front()
    front.register()
    exchange = front.begin("SCRAM-SHA-256", address=HOME)
    both = front.say(exchange, "n,,n=amy,r=x").decode().partition(",")[0]
    with pytest.raises(ChatError):
        front.say(exchange, f"c={first or 'biws'},{both if nonce else 'r=x'},p={proof}")


def test_a_proof_is_good_once(front: Front) -> None:
    exchange = front.begin("SCRAM-SHA-256")
    answer = proof_for(front, exchange)
    front.say(exchange, answer)
    with pytest.raises(UsageError):
        front.say(exchange, answer)
    replayed = front.begin("SCRAM-SHA-256")
    front.say(replayed, "n,,n=amy,r=cnonce")
    with pytest.raises(UsageError):
        front.say(replayed, answer)


def test_an_unfinished_exchange_counts_for_nothing(front: Front) -> None:
    front.accounts.forget(front.kept())
    for _ in range(100):
        front.say(front.begin("SCRAM-SHA-256"), "n,,n=amy,r=x")
    assert front.scram("SCRAM-SHA-256", "amy", GOOD).name == "amy"


# ---- what changes meanwhile --------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("change", ["suspended", "password", "removed"])
def test_what_a_keeper_does_between_two_steps_holds(front: Front, change: str, at: int) -> None:
    exchange = front.begin("SCRAM-SHA-256")
    answer = proof_for(front, exchange)
    if at == 2:
        front.say(exchange, answer)
        answer = ""
    if change == "suspended":
        front.save(replace(front.kept(), suspended=True))
    elif change == "password":
        front.save(replace(front.kept(), password="$argon2id$another"))
    else:
        front.ask(front.accounts.remove(front.kept()))
    with pytest.raises(WrongPassword):
        front.say(exchange, answer)
