"""What is kept for SCRAM and for EXTERNAL: when it is made, when it counts, and that it shows nowhere."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from house import House
from sasl_client import ELSEWHERE, GOOD, HOME, SCRAMS, Front
from teahouse.accounts.locks import KeyedLocks
from teahouse.cli import main
from teahouse.errors import Busy, NotFound, TooMany, UsageError, WrongPassword
from teahouse.running.data import Claim
from teahouse.sasl import certificates
from teahouse.sasl.keys import CHEAP, are_kept, derived, keys_of, made, nobodys, parsed, with_password
from teahouse.sasl.saslprep import saslprep
from teahouse.store import Account, StoreError
from teahouse.store.memory import MemoryStore

NEW = "three lumps, please"


@pytest.fixture
def front() -> Front:
    return Front()


# ---- when they are made ------------------------------------------------------------------------------------


def test_registering_keeps_them(front: Front) -> None:
    front.register()
    kept = front.kept().settings["scram"]
    assert sorted(kept) == ["SCRAM-SHA-256", "SCRAM-SHA-512", "of"]
    assert kept["SCRAM-SHA-256"].startswith(f"SCRAM-SHA-256${CHEAP}:")
    json.dumps(kept)


def test_a_new_password_replaces_them(front: Front) -> None:
    account = front.register()
    front.ask(front.accounts.change_password(account, GOOD, NEW, HOME))
    for mechanism in SCRAMS:
        assert front.scram(mechanism, "amy", NEW).name == "amy"
        with pytest.raises(WrongPassword):
            front.scram(mechanism, "amy", GOOD)


def test_a_password_set_by_who_knows_nothing_of_them_ends_them(front: Front) -> None:
    front.register()
    hashed = front.ask(front.accounts._passwords.hash(NEW))
    front.save(replace(front.kept(), password=hashed))
    for password in (GOOD, NEW):
        with pytest.raises(WrongPassword):
            front.scram("SCRAM-SHA-256", "amy", password)
    front.plain("amy", NEW)
    assert front.scram("SCRAM-SHA-256", "amy", NEW).name == "amy"


def test_logging_in_by_hand_makes_those_that_are_missing(front: Front) -> None:
    front.register()
    front.save(replace(front.kept(), settings={"rooms": ["garden"]}))
    amy = front.house.connect()
    amy.say(f"login amy {GOOD}")
    assert are_kept(front.kept(), cheap=True)
    assert front.kept().settings["rooms"] == ["garden"]
    assert front.scram("SCRAM-SHA-256", "amy", GOOD).name == "amy"


def test_a_wrong_password_makes_none(front: Front) -> None:
    front.register()
    front.save(replace(front.kept(), settings={}))
    with pytest.raises(WrongPassword):
        front.plain("amy", NEW)
    assert front.kept().settings == {}


def test_they_are_made_anew_when_more_work_is_wanted(front: Front) -> None:
    front.register()
    assert are_kept(front.kept(), cheap=True)
    assert not are_kept(front.kept())
    before = front.kept().settings
    front.plain("amy", GOOD)
    assert front.kept().settings == before, "what is there is left alone"


def test_a_busy_house_makes_them_another_time(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(password: str, hashed: str) -> dict[str, str]:
        raise Busy("busy")

    with monkeypatch.context() as patch:
        patch.setattr(front.accounts._passwords, "keys", busy)
        front.register()
        assert front.plain("amy", GOOD).name == "amy"
        assert "scram" not in front.kept().settings
    front.plain("amy", GOOD)
    assert are_kept(front.kept(), cheap=True)


def test_where_one_is_is_kept_beside_them(front: Front) -> None:
    amy = front.house.connect()
    amy.say(f"register amy {GOOD}", "/alwayson on", "/join garden")
    front.house.wait(2)
    assert front.kept().settings["rooms"] == ["garden"]
    assert are_kept(front.kept(), cheap=True)


# ---- what happens at the same time -------------------------------------------------------------------------


class HeldStore(MemoryStore):
    """Brings no account while it is held."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[tuple[Deferred[Account | None], Account | None]] | None = None

    def account(self, key: str) -> Awaitable[Account | None]:
        if self.held is None:
            return super().account(key)
        answer: Deferred[Account | None] = Deferred()
        self.held.append((answer, self._accounts.get(key)))
        return answer

    def bring(self) -> None:
        """The oldest."""
        assert self.held
        answer, account = self.held.pop(0)
        answer.callback(account)


def test_a_note_does_not_bring_an_old_password_back() -> None:
    """The note of a login reads the account, then its password is changed: both at the same time."""
    store = HeldStore()
    front = Front(store=store)
    account = front.register()
    store.held = []
    changed = front.start(front.accounts.change_password(account, GOOD, NEW, HOME))
    front.house.pump()
    while not changed:
        store.bring()
        front.house.pump()
    store.held = None
    assert front.plain("amy", NEW).name == "amy"
    assert front.scram("SCRAM-SHA-256", "amy", NEW).name == "amy"


def test_what_was_made_of_a_password_that_has_changed_meanwhile_is_thrown_away(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    front.register()
    front.save(replace(front.kept(), settings={}))
    gate: Deferred[None] = Deferred()

    async def slow(password: str, hashed: str) -> dict[str, str]:
        await gate
        return made(password, hashed, cheap=True)

    monkeypatch.setattr(front.accounts._passwords, "keys", slow)
    front.plain("amy", GOOD)
    changed = replace(front.kept(), password=front.ask(front.accounts._passwords.hash(NEW)))
    front.save(changed)
    gate.callback(None)
    front.house.pump()
    assert replace(front.kept(), seen=changed.seen) == changed


def test_of_two_changes_at_once_none_is_lost() -> None:
    store = HeldStore()
    front = Front(store=store)
    account = front.register()
    store.held = []
    done = [
        front.start(front.accounts.add_certificate(account, "ab" * 32)),
        front.start(front.accounts.change(account, settings={"rooms": ["den"]})),
        front.start(front.accounts.remove_certificate(account, "ab" * 32)),
    ]
    while not all(done):
        store.bring()
        front.house.pump()
    store.held = None
    assert front.kept().settings["certificates"] == []
    assert front.kept().settings["rooms"] == ["den"]
    assert len(front.accounts._locks) == 0


def test_one_by_one_in_their_order() -> None:
    house = House()
    turns, went = KeyedLocks(house.server.runtime), []

    async def go(number: int) -> None:
        async with turns.held("amy"):
            went.append(number)
            if number == 1:
                raise LookupError

    gate: Deferred[None] = Deferred()

    async def hold() -> None:
        async with turns.held("amy"):
            await gate

    waiting = [
        Deferred.fromCoroutine(hold()),
        *(Deferred.fromCoroutine(go(number)) for number in range(2_000)),
    ]
    for each in waiting:
        each.addErrback(lambda failure: None)
    waiting[3].cancel()
    gate.callback(None)
    house.pump()
    assert went == [number for number in range(2_000) if number != 2]
    assert len(turns) == 0


def test_who_gives_up_at_the_moment_of_being_let_in_lets_the_next_one_in() -> None:
    house = House()
    turns, went = KeyedLocks(house.server.runtime), []

    async def go(number: int) -> None:
        async with turns.held("amy"):
            went.append(number)

    gate: Deferred[None] = Deferred()

    async def hold() -> None:
        async with turns.held("amy"):
            await gate

    Deferred.fromCoroutine(hold())
    first, _ = Deferred.fromCoroutine(go(1)), Deferred.fromCoroutine(go(2))
    first.addErrback(lambda failure: None)
    gate.callback(None)
    first.cancel()
    house.pump()
    assert went == [2]
    assert len(turns) == 0


class BrokenStore(MemoryStore):
    """Cannot list accounts the first time."""

    broken = True

    def accounts(self, pattern: str = "*", *, count: int = 1_000) -> Awaitable[list[Account]]:
        if self.broken:
            raise StoreError("the disk is on fire")
        return super().accounts(pattern, count=count)


def test_certificates_are_looked_through_until_that_works() -> None:
    store = BrokenStore()
    front = Front(store=store)
    front.house.log.lines.clear()
    front.ask(front.accounts.add_certificate(front.register(), "ab" * 32))
    front.accounts._holders = certificates.Holders()  # as after a restart
    with pytest.raises(Exception, match="cannot write"):
        front.external("ab" * 32)
    store.broken = False
    assert front.external("ab" * 32).name == "amy"


# ---- where they show ---------------------------------------------------------------------------------------


def test_they_show_in_no_text(front: Front) -> None:
    account = front.register()
    secrets = [account.password, *account.settings["scram"].values()]
    assert secrets
    amy = front.house.connect()
    amy.say(f"login amy {GOOD}", "/account", "/certificate")
    keys = keys_of(account, "SCRAM-SHA-256")
    shown = [repr(account), str(account), repr(keys), str(keys), amy.text, *front.house.log.lines]
    for secret in secrets:
        assert not any(secret in text for text in shown)
        assert not any(part in text for part in secret.split("$")[-1].split(":") for text in shown)


def test_a_keeper_sets_them_and_sees_none(tmp_path: Path) -> None:
    def types(*words: str, stdin: str = "") -> str:
        result = CliRunner().invoke(main, [*words, "--data", str(tmp_path)], input=stdin)
        assert result.exit_code == 0, result.output
        return result.output

    said = types("account", "add", "amy", stdin=GOOD) + types("account", "list")
    first = _only_account(tmp_path)
    assert are_kept(first)
    said += types("account", "role", "amy", "moderator")
    assert _only_account(tmp_path).settings == first.settings
    said += types("account", "password", "amy", stdin=NEW) + types("account", "list")
    second = _only_account(tmp_path)
    assert are_kept(second)
    for mechanism in SCRAMS:
        keys = keys_of(second, mechanism)
        assert keys is not None
        assert keys == derived(mechanism, NEW, keys.salt, keys.iterations)
        assert keys.text() not in said
        assert keys_of(replace(first, password=second.password), mechanism) is None


def _only_account(directory: Path) -> Account:
    from teahouse.keeper.opening import Place, opened  # noqa: PLC0415
    from teahouse.settings import Settings  # noqa: PLC0415

    with opened(Place(directory / "teahouse.db", Settings())) as kept:
        (account,) = kept.wait(kept.store.accounts())
    return account


def test_the_secret_of_a_house_stays(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "house")
    secret = claim.secret()
    assert len(secret) == 32
    assert claim.secret() == secret
    path = tmp_path / "house" / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(secret[:7])
    assert len(claim.secret()) == 32
    assert claim.secret() != secret
    claim.release()


# ---- their form --------------------------------------------------------------------------------------------


@given(st.text(max_size=40), st.binary(min_size=1, max_size=40), st.integers(1, 50))
def test_keys_as_text(password: str, salt: bytes, iterations: int) -> None:
    for mechanism in SCRAMS:
        keys = derived(mechanism, password, salt, iterations)
        assert parsed(keys.text()) == keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SCRAM-SHA-1$4096:AAAA$AAAA:AAAA",
        "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA",
        f"SCRAM-SHA-256$0:AAAA${'A' * 43}=:{'A' * 43}=",
        f"SCRAM-SHA-256$9999999999:AAAA${'A' * 43}=:{'A' * 43}=",
        f"SCRAM-SHA-256$4096:AAA${'A' * 43}=:{'A' * 43}=",
        f"SCRAM-SHA-512$4096:AAAA${'A' * 43}=:{'A' * 43}=",
    ],
)
def test_texts_that_are_no_keys(text: str) -> None:
    with pytest.raises(ValueError, match=r"keys|form|base64|padd"):
        parsed(text)


def test_nobody_can_prove_to_be_nobody() -> None:
    keys = nobodys("SCRAM-SHA-256", "nobody", b"secret")
    assert not keys.proves(b"message", bytes(32))
    assert not keys.proves(b"message", keys.stored)


def test_without_keys_there_are_none(front: Front) -> None:
    account = with_password(front.register(), "hash", {})
    assert "scram" not in account.settings
    assert not are_kept(with_password(account, "hash", made(GOOD, "another hash", cheap=True)), cheap=True)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("\u0007", "\u0007"),  # prohibited, and so as it is
        ("\u0627\u0031", "\u0627\u0031"),
        ("a\u3000b", "a b"),
        ("\u0627\u0628 \ufb01", "\u0627\u0628 \ufb01"),
        ("🫖 ﬁ", "🫖 fi"),
    ],
)
def test_the_examples_of_rfc_4013(text: str, form: str) -> None:
    assert saslprep(text) == form


# ---- certificates ------------------------------------------------------------------------------------------


def test_fingerprints_in_all_their_forms(front: Front) -> None:
    account = front.register()
    front.ask(front.accounts.add_certificate(account, ":".join(["AB"] * 32)))
    front.ask(front.accounts.add_certificate(account, " ".join(["ab"] * 32)))
    assert certificates.certificates_of(front.kept()) == ("ab" * 32,)


@pytest.mark.parametrize("text", ["", "ab", "ab" * 31, "ab" * 33, "xy" * 32, "٣" * 64, "ab" * 20])
def test_what_is_no_fingerprint(front: Front, text: str) -> None:
    account = front.register()
    for change in (front.accounts.add_certificate, front.accounts.remove_certificate):
        with pytest.raises(UsageError, match="64 digits"):
            front.ask(change(account, text))


def test_five_certificates_are_enough(front: Front) -> None:
    account = front.register()
    for number in range(5):
        front.ask(front.accounts.add_certificate(account, f"{number:064}"))
    with pytest.raises(TooMany):
        front.ask(front.accounts.add_certificate(account, f"{9:064}"))
    front.ask(front.accounts.remove_certificate(account, f"{0:064}"))
    front.ask(front.accounts.add_certificate(account, f"{9:064}"))
    with pytest.raises(NotFound):
        front.ask(front.accounts.remove_certificate(account, f"{0:064}"))
    with pytest.raises(WrongPassword):
        front.external(f"{0:064}", "amy", address=ELSEWHERE)
