"""Roads around a rule that stood open once: each is tried here as someone would who wants to get past it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Collection
from dataclasses import replace
from datetime import timedelta

from house import PASSWORD, House, Peer, settings
from teahouse import LineRoom, Notice, Session
from teahouse.store.memory import MemoryStore
from teahouse.store.ready import Ready
from web_peer import WebPeer

CAPS = "message-tags batch draft/message-redaction draft/metadata-2 draft/read-marker"
UNWANTED = "casino"


def client(house: House, nick: str, *before: str, password: str = "") -> Peer:
    """Someone by IRC who has asked for much."""
    peer = house.connect("irc")
    peer.say(f"CAP REQ :{CAPS}", *before)
    peer.enter(nick, password)
    peer.say("CAP END")
    peer.shown()
    return peer


def browser(house: House, nick: str) -> WebPeer:
    peer = house.enter(nick, "web")
    assert isinstance(peer, WebPeer)
    peer.hears()
    return peer


def keeper(house: House) -> Peer:
    """One who keeps the house, which does not take one word."""
    house.add_account("mod", "moderator")
    peer = house.enter("mod", password=PASSWORD)
    peer.say(f"/housefilter refuse {UNWANTED}")
    return peer


def told_id(lines: list[str]) -> str:
    """The id of the last message that was shown."""
    found = [each[1] for line in lines if (each := re.search(r"msgid=(\d+)", line))]
    return found[-1]


def in_tea(house: House, *nicks: str, members: Collection[str] = ()) -> list[Peer]:
    """These are in the room tea; the first has made it, and keeps it in order. `members` have accounts."""
    for name in members:
        house.add_account(name)
    peers = [client(house, nick, password=PASSWORD if nick in members else "") for nick in nicks]
    for peer in peers:
        peer.say("JOIN #tea")
    for peer in peers:
        peer.shown()
    return peers


def was_shown(peer: Peer, text: str) -> bool:
    peer.house.pump()
    return text in peer.text


# ---- words that are not taken, and people who may only listen ------------------------------------------------


def test_the_reason_for_taking_a_line_back_is_no_way_to_talk() -> None:
    house = House()
    mod = keeper(house)
    amy, bob = in_tea(house, "amy", "bob")
    amy.say("PRIVMSG #tea :one", "PRIVMSG #tea :two")
    one, two = re.findall(r"msgid=(\d+)[^ ]* :amy PRIVMSG", bob.text)[-2:]
    amy.say(f"REDACT #tea {one} :{UNWANTED}")
    mod.say("/shun amy")
    amy.say(f"REDACT #tea {two} :let me talk")
    assert [line.partition(" REDACT ")[2] for line in bob.shown()[-2:]] == [f"#tea {one}", f"#tea {two}"]


def test_nor_is_the_reason_for_taking_back_what_was_said_in_private() -> None:
    house = House()
    keeper(house)
    amy, bob = in_tea(house, "amy", "bob", members=["amy"])
    amy.say("PRIVMSG bob :hello")
    id_ = told_id(bob.shown())
    amy.say(f"REDACT bob {id_} :{UNWANTED}")
    assert bob.shown()[-1].endswith(f"REDACT bob {id_}")


def test_nor_is_the_reason_for_putting_oneself_out() -> None:
    house = House()
    keeper(house)
    amy, bob = in_tea(house, "amy", "bob")
    amy.say(f"KICK #tea amy :{UNWANTED}")
    assert bob.shown()[-1].endswith("KICK #tea amy :amy")


def test_signs_are_looked_at_as_words_are() -> None:
    house = House()
    keeper(house)
    amy, bob = in_tea(house, "amy", "bob")
    amy.say("PRIVMSG #tea :one")
    id_ = told_id(bob.shown())
    react = f"@+draft/reply={id_};+draft/react={UNWANTED} TAGMSG"
    assert len(amy.say(f"{react} #tea", f"{react} bob")) == 2
    web = browser(house, "wim")
    web.does("join", room="tea")
    assert web.ask("react", target=int(id_), sign=UNWANTED, room="tea")["type"] == "failed"
    assert web.ask("react", target=int(id_), sign=UNWANTED, to="bob")["type"] == "failed"
    assert not was_shown(bob, UNWANTED)


def test_tags_are_looked_at_as_words_are() -> None:
    house = House()
    keeper(house)
    amy, bob = in_tea(house, "amy", "bob")
    bob.shown()
    for target in ("#tea", "bob"):
        amy.say(
            f"@+draft/react={UNWANTED} PRIVMSG {target} :hello", f"@+note=my\\s{UNWANTED} TAGMSG {target}"
        )
        amy.say(f"@+draft/react={UNWANTED} PRIVMSG {target} :\x01ACTION waves\x01")
    assert bob.shown() == []
    amy.say("@+note=tea PRIVMSG #tea :hello", "@+note=tea TAGMSG #tea")
    assert len(bob.shown()) == 2


def test_who_is_muted_in_a_room_shows_no_metadata_to_it() -> None:
    house = House()
    amy, bob = in_tea(house, "amy", "bob", members=["amy", "bob"])
    amy.say("MUTE bob 10m hush")
    assert bob.say("METADATA * SET display-name :listen to me")[-1].startswith("FAIL METADATA")
    assert bob.session.user.metadata == {}
    assert not bob.say("METADATA * SET display-name")[-1].startswith("FAIL METADATA VALUE")


def test_metadata_before_coming_in_is_looked_at_on_coming_in() -> None:
    house = House()
    keeper(house)
    amy = client(house, "amy", "METADATA * SET url one", f"METADATA * SET display-name :{UNWANTED}")
    assert amy.session.user.metadata == {"url": "one"}


def test_the_metadata_of_a_room_is_looked_at() -> None:
    house = House()
    keeper(house)
    (amy,) = in_tea(house, "amy")
    assert amy.say(f"METADATA #tea SET url {UNWANTED}")[0].startswith("FAIL METADATA")
    assert house.server.rooms["tea"].metadata == {}


def test_whose_account_may_only_listen_has_no_real_name_to_show() -> None:
    house = House()
    house.add_account("amy")
    keeper(house).say("/shun account:amy")
    amy = house.connect("irc", "192.0.2.7")
    amy.say(f"PASS :{PASSWORD}", "NICK amy", "USER amy 0 * :listen to me")
    assert amy.session.user.nick == "amy"
    assert not amy.session.user.realname


def test_nobody_reserves_a_nick_that_nobody_may_take() -> None:
    house = House()
    house.add_account("amy")
    keeper(house)
    amy = house.enter("amy", password=PASSWORD)
    refused = "The house does not take words like that: choose another nick."
    assert amy.say(f"/reserve {UNWANTED}")[-1] == refused
    assert amy.say(f"/nick {UNWANTED}")[-1] == refused


def test_a_browser_puts_no_signs_before_one_who_takes_messages_from_accounts_only() -> None:
    house = House()
    house.add_account("amy")
    amy, eve = client(house, "amy", password=PASSWORD), browser(house, "eve")
    amy.say("MODE amy +R")
    amy.shown()
    assert eve.ask("react", target=5, sign="👎", to="amy")["code"] == "account-needed"
    assert eve.ask("typing", state="active", to="amy")["type"] == "done"
    assert not amy.shown()


# ---- people talk slowly, and write in between ----------------------------------------------------------------


def test_to_write_is_no_line_where_people_talk_slowly() -> None:
    house = House()
    amy, bob = in_tea(house, "amy", "bob")
    amy.say("MODE #tea +S 10")
    amy.shown()
    assert not bob.say("@+typing=active TAGMSG #tea", "PRIVMSG #tea :hello")[1:]
    assert [line.partition(" :bob ")[2] for line in amy.shown()] == ["TAGMSG #tea", "PRIVMSG #tea :hello"]


def test_who_may_not_talk_is_not_seen_to_write() -> None:
    house = House()
    amy, _ = in_tea(house, "amy", "bob")
    web = browser(house, "wim")
    web.does("join", room="tea")
    amy.say("MODE #tea +m")
    amy.shown()
    web.does("typing", state="active", room="tea")
    assert not amy.shown()


# ---- what is behind a door -----------------------------------------------------------------------------------


def test_who_talks_into_a_room_from_outside_has_none_of_its_commands() -> None:
    house = House()
    (amy,) = in_tea(house, "amy")
    amy.say("MODE #tea +i-n", "PRIVMSG #tea :the secret plan")
    bob = client(house, "bob")
    assert not bob.say("PRIVMSG #tea :hello")
    assert bob.say("HISTORY", "LOOK") == ["421 bob HISTORY :Unknown command", "421 bob LOOK :Unknown command"]


def test_nobody_learns_by_an_invitation_who_is_in_an_auditorium() -> None:
    house = House()
    amy, bob, cat = in_tea(house, "amy", "bob", "cat")
    amy.say("MODE #tea +u")
    for peer in (amy, bob, cat):
        peer.shown()
    assert bob.say("INVITE cat #tea") == ["341 bob cat #tea"]
    assert not cat.shown()
    assert bob.say("INVITE amy #tea") == ["443 bob amy #tea :amy is in this room already."]


# ---- accounts that are gone ----------------------------------------------------------------------------------


class Shelf(MemoryStore):
    """A store at which others write, too."""

    written = False

    def changed_elsewhere(self) -> Awaitable[bool]:
        """See `People.changed_elsewhere`."""
        written, self.written = self.written, False
        return Ready(lambda: written)

    def remove(self, house: House, name: str) -> None:
        """A keeper removes an account, on the machine."""
        house.server.runtime.spawn(self._remove(name))
        self.written = True
        house.wait(5)

    async def _remove(self, name: str) -> None:
        await self.remove_account(name)


def test_another_account_of_the_same_name_has_not_said_what_the_one_before_has() -> None:
    house = House()
    bob, amy = in_tea(house, "bob", "amy", members=["amy"])
    amy.say("PRIVMSG #tea :my words")
    id_ = told_id(bob.shown())
    give_up_account(house, "amy")
    amy.say("QUIT")
    house.wait(1)
    house.add_account("amy")
    amy = client(house, "amy", password=PASSWORD)
    amy.say("JOIN #tea")
    assert amy.say(f"EDIT #tea {id_} :other words")[-1].startswith("FAIL EDIT EDIT_FORBIDDEN")
    assert amy.say(f"REDACT #tea {id_}")[-1].startswith("FAIL REDACT REDACT_FORBIDDEN")


def give_up_account(house: House, name: str) -> None:
    """On another device."""
    terminal = house.enter(name, password=PASSWORD)
    assert terminal.say("/unregister", PASSWORD)[-1].endswith(
        "Your account is removed. You are here as a guest now."
    )
    terminal.say("/quit")


def test_it_has_no_role_either_and_no_way_in() -> None:
    store = Shelf()
    house = House(store=store)
    amy, bob = in_tea(house, "amy", "bob", members=["amy", "bob"])
    amy.say(
        "MODE #tea +I ~a:bob", "MODE #tea +e ~a:bob", "MODE #tea +v bob", "PRIVMSG ChanServ :REGISTER #tea"
    )
    policy = house.server.rooms["tea"].policy
    bob.say("QUIT")
    store.remove(house, "bob")
    assert (policy.roles, len(policy.invited), len(policy.exempt)) == ({"amy": "operator"}, 0, 0)
    assert policy.founder == "amy"


def test_nor_has_one_that_was_made_while_the_house_was_closed() -> None:
    store = MemoryStore()
    house = House(store=store)
    amy, _, bob = in_tea(house, "amy", "ann", "bob", members=["amy", "ann", "bob"])
    amy.say("PRIVMSG ChanServ :REGISTER #tea", "OP bob", "MODE #tea +v ann", "JOIN #tea")
    bob.say("HOOK in weather", "JOIN #pot", "PRIVMSG ChanServ :REGISTER #pot")
    before = bob.session.user.account
    assert before is not None
    another = replace(before, created=before.created + timedelta(hours=1))

    async def put_in_its_place() -> None:
        await store.remove_account("bob")
        await store.add_account(another)

    house.server.runtime.spawn(put_in_its_place())
    again = House(store=store).server
    assert again.rooms["tea"].policy.roles == {"amy": "operator", "ann": "voice"}
    assert "pot" not in again.rooms
    assert again.hooks.of_room("tea") == []


def test_who_gives_up_an_account_is_seen_to_lose_its_roles() -> None:
    house = House()
    _, bob = in_tea(house, "amy", "bob", members=["amy"])
    give_up_account(house, "amy")
    assert ":amy MODE #tea -o amy" in [line.partition(" ")[2] for line in bob.shown()]


def test_whoever_has_the_role_of_an_account_by_oper_loses_it_with_the_account() -> None:
    store = Shelf()
    house = House(store=store)
    house.add_account("boss", "admin")
    for name in ("mod", "ann"):
        house.add_account(name, "moderator")
    boss = house.enter("boss", password=PASSWORD)
    one, two = client(house, "one"), client(house, "two")
    one.say(f"OPER mod :{PASSWORD}")
    two.say(f"OPER ann :{PASSWORD}")
    assert (one.session.user.role, two.session.user.role) == ("moderator", "moderator")
    boss.say("/role mod member")
    assert (one.session.user.role, two.session.user.role) == ("guest", "moderator")
    store.remove(house, "ann")
    assert two.session.user.role == "guest"
    assert list(house.server.roll.keepers) == [boss.session.user]


# ---- those who stand higher ----------------------------------------------------------------------------------


def test_nobody_takes_out_what_a_higher_one_said_under_another_nick() -> None:
    house = House()
    amy, bob = in_tea(house, "amy", "bob", members=["amy", "bob"])
    amy.say(
        "PRIVMSG ChanServ :REGISTER #tea", "MODE #tea +o bob", "NICK temp", "PRIVMSG #tea :mine", "NICK amy"
    )
    id_ = re.findall(r"msgid=(\d+)[^ ]* :temp PRIVMSG", bob.text)[-1]
    bob.shown()
    assert bob.say(f"REDACT #tea {id_}")[-1].startswith("FAIL REDACT REDACT_FORBIDDEN")
    assert bob.say("PURGE temp 1h")[-1] == "481 bob :amy is an owner here: you cannot do that to them."
    assert bob.say("PURGE temp 10m")[-1] == "481 bob :amy is an owner here: you cannot do that to them."


# ---- rooms that are something else ---------------------------------------------------------------------------


class Parrot(LineRoom):
    """Says what is said, as its own."""

    def on_text(self, session: Session, text: str) -> None:
        """Say it."""
        self.broadcast(Notice(text))


def test_a_room_says_nothing_that_it_does_not_make_of_plain_lines() -> None:
    house = House()
    house.add_room(Parrot, "parrot")
    amy, bob, web = client(house, "amy"), client(house, "bob"), browser(house, "wim")
    web.does("join", room="parrot")
    for peer in (bob, amy):
        peer.say("JOIN #parrot")
    bob.shown()
    refused = "404 amy #parrot :This room makes something else of what is said: it takes plain lines."
    assert not amy.say("NOTICE #parrot :hello")
    assert amy.say("PRIVMSG #parrot :\x01ACTION waves\x01") == [refused]
    assert web.ask("say", room="parrot", text="waves", manner="emote")["code"] == "cannot-talk"
    assert web.ask("say", room="parrot", text="hello", manner="notice")["code"] == "cannot-talk"
    assert not bob.shown()
    amy.say("PRIVMSG #parrot :hello")
    assert [line.partition("NOTICE ")[2] for line in bob.shown()] == ["#parrot :hello"]


# ---- what grows -------------------------------------------------------------------------------------------------


def test_nobody_has_markers_without_end() -> None:
    house = House(settings(limits={"markers_per_user": 3, "flood_burst": 100}))
    (amy,) = in_tea(house, "amy", members=["amy"])
    amy.say(*(f"MARKREAD nobody{n} timestamp=2026-11-20T11:5{n}:00.000Z" for n in range(9)))
    assert list(amy.session.user.markers) == ["@nobody6", "@nobody7", "@nobody8"]
    amy.say("QUIT")
    amy = client(house, "amy", password=PASSWORD)
    assert len(amy.session.user.markers) <= 3


def test_who_has_to_give_a_nick_back_gets_one_that_is_nobodys() -> None:
    house = House()
    eve = house.enter("guestl")
    bob = house.enter("amy")
    house.add_account("amy")
    house.enter("amy", password=PASSWORD)
    assert eve.session.user.nick == "guestl"
    assert bob.session.user.nick == "guest2"  # guest1 would look like guestl


def test_nor_one_that_somebody_has_reserved_who_is_not_here() -> None:
    house = House()
    house.add_account("cat")
    cat = house.enter("cat", password=PASSWORD)
    cat.say("/reserve guest1", "/quit")
    bob = house.enter("amy")
    house.add_account("amy")
    house.enter("amy", password=PASSWORD)
    assert bob.session.user.nick == "guest2"


def test_a_guest_for_whom_there_is_no_other_nick_keeps_theirs() -> None:
    house = House(settings(limits={"nick_length": 5, "nicks_per_account": 20}))
    bob = house.enter("amy")
    house.add_account("amy")
    said = house.enter("amy", password=PASSWORD).shown()  # no guestN is short enough
    assert bob.session.user.nick == "amy"
    assert not said


# ---- spellings -----------------------------------------------------------------------------------------------


def test_an_address_is_an_address_however_a_mask_spells_it() -> None:
    house = House()
    mod = keeper(house)
    eve = house.enter("eve", address="192.0.2.7")
    mod.say("/houseban *!*@192.0.2.7")
    assert eve.gone
    bob = house.enter("bob")
    bob.shown()
    mod.say("/ban *!*@192.0.2.8")
    assert bob.shown()[-1] == "mod banned an address."


def test_what_was_done_to_nobody_is_about_no_address() -> None:
    house = House()
    amy = house.enter("amy")
    amy.say("/join tea", "/room slow 1s")
    assert [line.split()[4:] for line in amy.say("/audit")[1:]] == [["room", "tea"]]


def test_where_those_connect_from_who_were_put_out_is_not_told_but_their_nick_is() -> None:
    house = House()
    house.add_account("mod", "moderator")
    amy, bob = house.enter("amy"), house.enter("bob", address="192.0.2.8")
    amy.say("/join tea")
    bob.say("/join tea")
    amy.say("/kick bob")
    mod = house.enter("mod", password=PASSWORD)
    mod.say("/join tea", "/ban 192.0.2.9")
    about = [line.split()[4:6] for line in amy.say("/audit")[-2:]]
    assert about == [["kick", "bob"], ["ban", "(an"]]


def test_a_password_with_a_space_in_it_gives_up_an_account() -> None:
    house = House()
    for name in ("amy", "bob"):
        house.add_account(name)
    (amy,) = in_tea(house, "amy", members=["amy"])
    assert "do not belong together" in amy.say("PRIVMSG NickServ :DROP tea")[-1]
    assert "removed for ever" in amy.say(f"PRIVMSG NickServ :DROP {PASSWORD}")[-1]
    bob = client(house, "bob", password=PASSWORD)
    assert "removed for ever" in bob.say(f"PRIVMSG NickServ :DROP bob {PASSWORD}")[-1]


# ---- places and states -----------------------------------------------------------------------------------------


def test_a_room_may_be_called_as_a_state_is() -> None:
    house = House()
    eve, bob = house.enter("eve"), house.enter("bob")
    eve.say("/join foyer")
    bob.say("/leave")
    assert bob.session.room is house.server.foyer
    mod = keeper(house)
    bob.say("/report eve rude")
    assert mod.say("/reports")[-1].split()[1:] == ["11-20", "12:00", "bob", "eve", "rude"]
    assert bob.say("/leave")[-1] == "You are in no room: /quit leaves the house."


def test_who_cannot_give_a_room_up_has_it_still() -> None:
    house = House(settings(limits={"rules_per_room": 1}))
    house.add_account("mod", "moderator")
    in_tea(house, "amy", "bob", members=["bob"])
    mod = house.enter("mod", password=PASSWORD)
    mod.say("/join tea", "/room register", "/voice bob")
    policy = house.server.rooms["tea"].policy
    assert (policy.founder, policy.roles) == ("mod", {"bob": "voice"})
    assert "have a role here, and no more fit" in mod.say("/room release")[-1]
    assert policy.founder == "mod"
    mod.say("/devoice bob", "/room release")
    assert (policy.founder, policy.roles) == ("", {"mod": "operator"})
