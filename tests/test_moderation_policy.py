"""A room's policy as such: who comes in, who talks, what is kept of it, and who may act on whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from teahouse.commands import ROLES
from teahouse.errors import (
    AccountNeeded,
    Banned,
    CannotTalk,
    ChatError,
    InviteOnly,
    NotAllowed,
    RoomFull,
    TooMany,
    UsageError,
    WrongRoomPassword,
)
from teahouse.limits import Limits
from teahouse.moderation import terms
from teahouse.moderation.policy import PASS_SECONDS, Policy
from teahouse.moderation.ranks import Standing, check_grant, check_kick
from teahouse.moderation.rules import Rule
from teahouse.moderation.terms import NAMES, Terms

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(eq=False)
class Guest:
    key: str
    account_key: str = ""
    ident: str = "line"
    hosts: list[str] = field(default_factory=lambda: ["a.b.c.ip"])
    addresses: list[str] = field(default_factory=lambda: ["192.0.2.7"])


def policy(**values: object) -> Policy:
    found = Policy(Limits(rules_per_room=3), Terms(**values))  # type: ignore[arg-type]  # as they are named
    found.changed()
    return found


def rule(mask: str, seconds: int = 0) -> Rule:
    return Rule(mask, "amy", NOW, NOW + timedelta(seconds=seconds) if seconds else None, "spam")


# ---- coming in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, None),
        ({"invite_only": True}, InviteOnly),
        ({"accounts_only": True}, AccountNeeded),
        ({"password": "tea"}, WrongRoomPassword),
        ({"limit": 5}, RoomFull),
        ({"limit": 6}, None),
        ({"hidden": True, "moderated": True, "slow": 10}, None),
    ],
)
def test_the_door(values: dict[str, object], error: type[ChatError] | None) -> None:
    room = policy(**values)
    for role in ROLES:
        if error is not None and ROLES.index(role) < ROLES.index("operator"):
            with pytest.raises(error):
                room.check_entry(Guest("bob"), role, 5, "", NOW)
        else:
            room.check_entry(Guest("bob"), role, 5, "", NOW)


def test_what_opens_the_door() -> None:
    room = policy(invite_only=True, password="tea", limit=1)
    bob = Guest("bob", "bob")
    room.invited.add(rule("account:bob"))
    with pytest.raises(WrongRoomPassword):
        room.check_entry(bob, "member", 0, "coffee", NOW)
    room.check_entry(bob, "member", 0, "tea", NOW)
    with pytest.raises(RoomFull):
        room.check_entry(bob, "member", 1, "tea", NOW)


def test_a_pass_opens_once_for_a_day_and_past_a_ban() -> None:
    room, bob = policy(invite_only=True), Guest("bob")
    room.bans.add(rule("bob!*@*"))
    room.invite(bob, NOW)
    room.check_entry(bob, "guest", 0, "", NOW)
    with pytest.raises(Banned, match="spam"):
        room.check_entry(bob, "guest", 0, "", NOW)
    room.invite(bob, NOW)
    with pytest.raises(Banned):
        room.check_entry(bob, "guest", 0, "", NOW + timedelta(seconds=PASS_SECONDS))
    room.invite(bob, NOW)
    assert room.uninvite(bob, NOW)
    assert not room.uninvite(bob, NOW)


def test_passes_are_bounded() -> None:
    room, guests = policy(invite_only=True), [Guest(f"g{number}") for number in range(4)]
    for each in guests:
        room.invite(each, NOW)
    with pytest.raises(InviteOnly):
        room.check_entry(guests[0], "guest", 0, "", NOW)
    room.check_entry(guests[1], "guest", 0, "", NOW)


# ---- talking -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{"moderated": True}, {"accounts_talk": True}, {"slow": 10}])
def test_who_may_only_listen(values: dict[str, object]) -> None:
    room, bob = policy(**values), Guest("bob")
    assert not room.is_plain
    room.check_talk(bob, "voice", NOW)
    room.check_talk(bob, "operator", NOW)
    if room.terms.slow:
        room.check_talk(bob, "guest", NOW)
    with pytest.raises((CannotTalk, AccountNeeded)):
        room.check_talk(bob, "guest", NOW)


def test_slow_counts_what_was_said_and_nothing_else() -> None:
    room, bob = policy(slow=10), Guest("bob")
    room.check_talk(bob, "guest", NOW)
    for seconds, left in ((0, 10), (3, 7), (9.5, 1)):
        with pytest.raises(CannotTalk, match=f"wait {left} more"):
            room.check_talk(bob, "guest", NOW + timedelta(seconds=seconds))
    room.check_talk(bob, "guest", NOW + timedelta(seconds=10))
    room.forget(bob)
    room.check_talk(bob, "guest", NOW + timedelta(seconds=10))


@pytest.mark.parametrize("name", ["bans", "mutes"])
def test_banned_and_muted_members_listen_until_it_is_over(name: str) -> None:
    room, bob = policy(), Guest("bob")
    assert room.is_plain
    room.lists[name].add(rule("*!*@*.c.ip", 60))
    room.changed()
    assert not room.is_plain
    with pytest.raises(CannotTalk, match="for 1 minute more: spam"):
        room.check_talk(bob, "member", NOW)
    with pytest.raises(CannotTalk, match="another nick"):
        room.check_rename(bob, NOW)
    room.check_talk(bob, "member", NOW + timedelta(seconds=60))
    room.exempt.add(rule("account:bob"))
    bob.account_key = "bob"
    room.check_talk(bob, "member", NOW)
    room.check_rename(bob, NOW)


# ---- roles -------------------------------------------------------------------------------------------------


def test_roles_are_the_accounts_or_lent() -> None:
    room, ann, guest = Policy(Limits(), None, ["kim"]), Guest("ann", "ann"), Guest("eve")
    room.grant(ann, "operator")
    room.grant(guest, "voice")
    assert [room.role(each) for each in (ann, guest, Guest("x", "kim"), Guest("y"))] == [
        "operator",
        "voice",
        "operator",
        "",
    ]
    room.forget(ann)
    room.forget(guest)
    assert [room.role(ann), room.role(guest)] == ["operator", ""]
    room.grant(Guest("x", "kim"), "")
    assert room.role(Guest("x", "kim")) == ""
    room.founder = "ann"
    assert (room.role(ann), room.owned) == ("owner", True)


def test_roles_are_bounded() -> None:
    room = policy()
    for number in range(3):
        room.grant(Guest("x", f"a{number}"), "voice")
    with pytest.raises(TooMany):
        room.grant(Guest("x", "a3"), "voice")
    room.grant(Guest("x", "a2"), "operator")
    room.grant(Guest("x", "a2"), "")
    room.grant(Guest("x", "a3"), "voice")


FOUNDER = Standing("founder", "owner", True)
PEOPLE = [*(Standing(f"{role}", role) for role in ROLES), FOUNDER]
KICKS = {  # whom each may put out
    "guest": "",
    "member": "guest",
    "voice": "guest member",
    "operator": "guest member voice operator",
    "owner": "guest member voice operator",
    "founder": "guest member voice operator owner",
    "moderator": "guest member voice operator owner founder",
    "admin": "guest member voice operator owner founder moderator",
}


@pytest.mark.parametrize("by", PEOPLE, ids=lambda each: each.nick)
def test_nobody_puts_out_someone_higher(by: Standing) -> None:
    for whom in PEOPLE:
        if whom.nick in KICKS[by.nick].split():
            check_kick(by, Standing(f"other {whom.nick}", whom.role, whom.is_founder))
        else:
            with pytest.raises(NotAllowed):
                check_kick(by, whom)


@pytest.mark.parametrize("owned", [False, True])
@pytest.mark.parametrize("by", [each for each in PEOPLE if ROLES.index(each.role) >= 3], ids=lambda e: e.nick)
def test_who_gives_and_takes_which_role(by: Standing, owned: bool) -> None:
    high = by.role in {"owner", "moderator", "admin"}
    may = {"voice": True, "operator": high or not owned, "owner": high}
    for before in ("", "voice", "operator", "owner"):
        for after in ("", "voice", "operator", "owner"):
            wanted = may.get(before, True) and may.get(after, True)
            if before == "owner" and by == Standing("owner", "owner"):
                wanted = False  # nobody takes from an equal
            try:
                check_grant(by, Standing("bob", before), after, owned=owned)
                allowed = True
            except NotAllowed:
                allowed = False
            assert allowed == wanted, (before, after)


def test_a_role_of_ones_own_may_be_given_up_but_not_a_founders() -> None:
    for role in ("voice", "operator", "owner"):
        check_grant(Standing("bob", role), Standing("bob", role), "", owned=True)
    with pytest.raises(NotAllowed, match="release"):
        check_grant(FOUNDER, FOUNDER, "", owned=True)


# ---- terms, and being kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("invite-only", "on", True),
        ("hidden", "No", False),
        ("slow", "1m", 60),
        ("slow", "off", 0),
        ("limit", "12", 12),
        ("limit", "0", 0),
        ("password", "Tea", "Tea"),
        ("password", "off", ""),
        ("forward", "#Lobby", "lobby"),
    ],
)
def test_terms_as_people_type_them(name: str, text: str, value: object) -> None:
    field_ = terms.term(name)
    assert getattr(terms.with_term(Terms(), field_, text), field_) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden", "perhaps"),
        ("slow", "25h"),
        ("slow", "soon"),
        ("limit", "-1"),
        ("limit", "9999999"),
        ("limit", "٣"),
        ("password", "two words"),
        ("password", "x" * 65),
    ],
)
def test_terms_that_cannot_be(name: str, text: str) -> None:
    with pytest.raises(UsageError):
        terms.with_term(Terms(), terms.term(name), text)


def test_a_term_that_is_misspelt_is_guessed() -> None:
    with pytest.raises(UsageError, match="Did you mean invite-only"):
        terms.term("invite-onyl")
    assert [terms.term(terms.spelled(name)) for name in NAMES] == list(NAMES)


def test_what_is_kept_comes_back_and_the_rest_is_the_configurations() -> None:
    given = Terms(slow=10, topic_locked=True)
    room = Policy(Limits(), given, ["kim"])
    room.terms = Terms(slow=0, topic_locked=True, password="tea")
    room.grant(Guest("ann", "ann"), "voice")
    room.bans.add(rule("troll!*@*", 60))
    room.filters.set("casino", "mute", "amy")
    kept = room.to_dict()
    assert kept["terms"] == {"slow": 0, "password": "tea"}
    assert kept["roles"] == {"ann": "voice"}
    again = Policy(Limits(), Terms(slow=10), ["kim", "pat"])
    again.take(kept)
    assert again.terms == Terms(slow=0, password="tea")
    assert again.roles == {"kim": "operator", "pat": "operator", "ann": "voice"}
    assert list(again.bans) == list(room.bans)
    assert list(again.filters) == list(room.filters)
    assert not again.is_plain


def test_a_configured_operator_who_was_put_down_stays_so() -> None:
    room = Policy(Limits(), None, ["kim"])
    room.grant(Guest("kim", "kim"), "")
    again = Policy(Limits(), None, ["kim"])
    again.take(room.to_dict())
    assert again.role(Guest("kim", "kim")) == ""


def test_nothing_special_is_nothing_kept_and_strange_things_are_passed_over() -> None:
    assert Policy(Limits()).to_dict() == {}
    room = Policy(Limits())
    room.take({"terms": {"slow": "x", "unheard_of": 1, "hidden": True}, "roles": {"ann": "admin"}, "new": 1})
    assert room.terms == Terms(hidden=True)
    assert room.roles == {}
