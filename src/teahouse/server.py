"""The running house: who is in it, and its rooms. Rule: it holds the house together and decides nothing that a
room, a session or a protocol can decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

from teahouse.accounts import Accounts
from teahouse.accounts.presence import Presence
from teahouse.admission import Admission
from teahouse.bounding import Bounding
from teahouse.bus import Bus
from teahouse.errors import BadName, NickInUse, NoSuchNick, NoSuchRoom
from teahouse.events import AccountChanged, Event, LoggedIn, Renamed
from teahouse.extensions.running import Extensions
from teahouse.fanout import Fanout
from teahouse.fanout.spreading import spread
from teahouse.measures.measures import Measures
from teahouse.moderation.house import HouseOrder
from teahouse.open_rooms import OpenRooms
from teahouse.push.push import Push
from teahouse.reconfiguring import Reconfiguring
from teahouse.renaming import Renaming
from teahouse.retention import Retention
from teahouse.roll import Roll
from teahouse.rooms import owning
from teahouse.rooms.base import Room
from teahouse.rooms.chat import ChatRoom
from teahouse.rooms.commands.people import motd_of
from teahouse.rooms.foyer import Foyer
from teahouse.rooms.login import LoginRoom
from teahouse.rooms.logout import LogoutRoom
from teahouse.runtime import Runtime
from teahouse.session import Session
from teahouse.settings import Settings
from teahouse.store import Account, Store
from teahouse.text import fold, nearest, skeleton, valid_name
from teahouse.uploads import Uploads
from teahouse.user import User
from teahouse.watching import Watching
from teahouse.webhooks import Hooks
from teahouse.wheel import Wheel

TICK = 1.0
MORE_TIME = 9
"""How often one who types at the door gets the time to log in anew."""
DRAIN = 0.1


class Server:
    """Users by nick, rooms by name, and the clock that looks after the sessions.

    `users` has those who have a nick; `arrivals` are the sessions that have yet to log in.
    """

    def __init__(self, runtime: Runtime, settings: Settings, store: Store, bus: Bus) -> None:
        self.runtime = runtime
        self.settings = settings
        self.limits = settings.limits
        self.store = store
        self.measures = Measures(self)
        self.fanout = Fanout(runtime, store, bus, self.measures.counters)
        self.fanout.trusting = settings.data.durability == "none"
        self.admission = Admission(self.limits, settings.gateways, settings.proxy.trusted)
        self.order = HouseOrder(self)
        self.opened_at = runtime.time()
        self.users: dict[str, User] = {}
        self.roll = Roll(self.users)
        self.rooms = OpenRooms(self)
        self.sessions: set[Session] = set()
        self.requests_served = 0
        """Over HTTP."""
        self.most_users = 0
        """As many users as were in the house at once, since it opened."""
        self.arrivals: set[Session] = set()
        self.door = LoginRoom(self, "login")
        self.entry: Room = self.door
        self.foyer = Foyer(self, "foyer")
        self.logout = LogoutRoom(self, "logout")
        self.encrypted_ways: list[str] = []
        """Ways in that are encrypted, as told to people: `service.py` knows them."""
        self._looks: dict[str, User] = {}
        self._of_account: dict[str, User] = {}
        self._reserved = marks(settings.house.own_nicks)
        self._kept: set[str] = set()
        self._throttled: dict[Session, None] = {}
        self._stalled: dict[Session, float] = {}
        self.wheel = Wheel(runtime.now())
        self.accounts = Accounts(self)
        self.presence = Presence(self)
        self.watching = Watching(self)
        self.retention = Retention(self)
        self.renaming = Renaming(self)
        self.bounding = Bounding(self)
        self.extensions = Extensions(self)
        self.reconfiguring = Reconfiguring(self)
        self.hooks = Hooks(self)
        self.push = Push(self)
        self.uploads = Uploads(self)
        self.rooms.open_set()

    def take_settings(self, settings: Settings) -> None:
        """These hold from now on, for the house and all who are in it; see `Reconfiguring`."""
        before, self.settings, self.limits = self.settings, settings, settings.limits
        self._reserved = marks(settings.house.own_nicks)
        self.admission.take(self.limits, settings.gateways, settings.proxy.trusted)
        self.order.take_settings(before)

    # ---- people --------------------------------------------------------------------------------------------

    def arrive(self, session: Session) -> None:
        """A new connection stands at the door."""
        self.sessions.add(session)
        now = self.runtime.now()
        first_look = self.limits.keepalive_seconds or 60
        if session.room.at_the_door:
            self.arrivals.add(session)
            first_look = self.limits.login_seconds or first_look
        session.due = self.wheel.add(session, now + first_look)
        try:
            session.room.add(session)
        except Exception:  # noqa: BLE001  an extension's entry that fails; nobody is left standing in it
            self.runtime.log.failure("the entry {room} failed", room=session.room.name)
            session.tell("Something went wrong here. The keepers have been told.")
            session.end("the entry failed")

    def check_name(self, nick: str) -> None:
        """Raise BadName or NickInUse if nobody may have the nick."""
        try:
            valid_name(nick, max_length=self.limits.nick_length)
        except ValueError as error:
            raise BadName(str(error)) from error
        if self.settings.house.ascii_nicks and not nick.isascii():
            raise BadName("A nick has only the letters A to Z here.")
        own = marks([nick])
        if not (self._reserved.isdisjoint(own) and self._kept.isdisjoint(own)):
            raise NickInUse(f"{nick} is kept for the house itself: choose another nick.")

    def keep_nicks(self, *nicks: str) -> None:
        """Nobody may take these nicks, nor any that look like them: something of the house's answers to them."""
        self._kept |= marks(nicks)

    def check_nick(self, nick: str, user: User | None = None) -> None:
        """Raise BadName or NickInUse if the nick may not be had (by this user, who may have another now)."""
        self.check_name(nick)
        key, look = fold(nick), skeleton(nick)
        if self.users.get(key, user) is not user:
            raise NickInUse(f"{nick} is taken: choose another nick.")
        if self._looks.get(look, user) is not user:
            raise NickInUse(f"{nick} looks like {self._looks[look].nick}, who is here: choose another nick.")

    def name_user(self, user: User, nick: str) -> None:
        """Let the user go by this nick from now on; `check_nick` has said that it may."""
        is_other = fold(nick) != user.key
        self._unname(user, is_other=is_other)
        nick = normalize("NFC", nick)  # one letter, one character: as every protocol shows it
        user.rename(nick)
        self.users[user.key] = user
        self._looks[skeleton(nick)] = user
        self.roll.note(user)
        self.most_users = max(self.most_users, len(self.users))
        if is_other:
            self.watching.came(user)

    def rename(self, user: User, nick: str) -> None:
        """Let the user go by another nick, and let everyone know who shares a room with it."""
        self.spread(Renamed(user.nick, normalize("NFC", nick)), user)
        self.name_user(user, nick)

    def spread(self, event: Event, user: User) -> None:
        """Let everyone know of something about a user who shares a room with it, and sees it there; each once. And
        those who watch it."""
        spread(self, event, user)

    def check_rename(self, user: User, nick: str) -> None:
        """Raise ChatError where another nick would break or evade a rule."""
        self.order.check_rename(user, nick)
        for room in user.rooms.values():
            room.check_rename(user)

    def welcome(self, session: Session) -> None:
        """A session has just logged in: into the lobby with it."""
        user, link = session.user, session.link
        self.runtime.log.debug(
            "{nick} is in, from {address} by {by}", nick=user.nick, address=link.address, by=link.protocol
        )
        self.measures.counters.logins += 1
        user.since = user.active_at = self.runtime.now()
        session.look_at(self.foyer)
        session.tell(LoggedIn(user.nick))
        if not link.is_led:
            return
        if self.settings.house.motd:
            session.tell(motd_of(self.settings.house.motd))
        self.presence.lead_in(session)

    def forget(self, user: User) -> None:
        """The user's last session is gone: free the nick, and empty the place in the rooms."""
        for room in list(user.rooms.values()):
            room.forget(user)
        self._unname(user)
        if user.account is not None:
            self._of_account.pop(user.account.key, None)
        user.reply_to = None  # else those who have left keep each other in memory

    def user_of(self, account: str) -> User | None:
        """The user of an account (by key), if it is in the house."""
        return self._of_account.get(account)

    def belongs(self, user: User, account: Account) -> None:
        """The user is the one of this account from now on, and ignores whom the account does."""
        if user.account_key != account.key:
            kept = account.settings.get("ignored", [])
            user.ignore(*map(str, kept[: self.limits.ignores_per_user] if isinstance(kept, list) else ()))
        user.take_metadata(account)
        user.account = account
        self.roll.give_role(user, account.role)
        self._of_account[account.key] = user
        self.push.note(account)

    def take_account(self, user: User, account: Account) -> None:
        """One who is in the house belongs to this account from now on: everyone around is told, and where it has a
        role of its own."""
        before = user.account_key
        roles = [(room, room.policy.role(user)) for room in user.rooms.values()]
        if before != account.key:
            self._of_account.pop(before, None)
        self.belongs(user, account)
        if before != account.key:
            self.spread(AccountChanged(user.nick, account.name), user)
            for room, role in roles:
                owning.tell_role(room, user, role)

    def is_nobodys(self, user: User) -> None:
        """The user's account is gone: it is a guest from now on."""
        if user.account is None:
            return
        key, roles = user.account.key, [(room, room.policy.role(user)) for room in user.rooms.values()]
        self._of_account.pop(key, None)
        user.account, user.detached = None, False
        self.roll.give_role(user, "guest")
        for room in list(self.rooms.values()):
            owning.account_gone(room, key)
        self.spread(AccountChanged(user.nick, ""), user)
        for room, role in roles:
            owning.tell_role(room, user, role)

    def looks_like(self, nick: str) -> User | None:
        """The user whose nick looks like this one."""
        return self._looks.get(skeleton(nick))

    def warning_of_plain_text(self) -> str:
        """What is said before a password is asked for on a line that is not encrypted."""
        ways = f" Encrypted: {'; '.join(self.encrypted_ways)}." if self.encrypted_ways else ""
        return f"This line is not encrypted: others on the way can read the password.{ways}"

    def _unname(self, user: User, *, is_other: bool = True) -> None:
        if user.nick:
            if is_other:
                self.watching.went(user)
            self.users.pop(user.key, None)
            self.roll.strike(user)
            self._looks.pop(skeleton(user.nick), None)

    def present(self, nick: str) -> User:
        """The user of that nick. Raises NoSuchNick, with the nearest one."""
        user = self.users.get(fold(nick))
        if user is None:
            near = nearest(fold(nick), self.users)
            hint = f" Did you mean {self.users[near].nick}?" if near else " /who lists who is."
            raise NoSuchNick(f"Nobody called {nick} is in the house.{hint}")
        return user

    # ---- rooms ---------------------------------------------------------------------------------------------

    def room(self, name: str) -> ChatRoom:
        """The room of that name. Raises NoSuchRoom."""
        room = self.rooms.get(fold(name))
        if room is None:
            raise NoSuchRoom(f"There is no room {name}: /rooms lists those that there are.")
        return room

    @property
    def entry_room(self) -> str:
        """The room that an entry in place of the login has everyone begin in; "" where the house has none, and one
        begins in the lobby."""
        if isinstance(self.entry, LoginRoom):
            return self.entry.leads_to
        return self.entry.name if isinstance(self.entry, ChatRoom) else ""

    def changed(self) -> None:
        """What the house offers people may be something else now: clients that want to know are told."""
        for session in list(self.sessions):
            session.house_changed()

    def all_rooms(self) -> list[Room]:
        """Every place and every state."""
        return [*dict.fromkeys([self.entry, self.foyer, self.logout, *self.rooms.values()])]

    def replace_room(self, before: Room, after: Room) -> None:
        """One room stands in another's place, as after a reload: people in it notice nothing."""
        if isinstance(before, ChatRoom) and isinstance(after, ChatRoom):
            self.rooms.replace(before, after)
        if self.entry is before:
            self.entry = after
        for session in self.sessions:
            if session.room is before:
                session.room = after

    # ---- time ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open what extensions bring, and begin to look after the sessions, once a second.

        Raises ExtensionError when a room's class, or the entry, is not to be had.
        """
        self.extensions.open(self.settings)
        self.rooms.open_kept()
        self.runtime.spawn(self.presence.restore())
        self.retention.start()
        self.bounding.start()
        self.uploads.start()
        self.runtime.later(TICK, self._tick)

    def stop(self) -> None:
        """Let the extensions and the threads go."""
        self.accounts.stop()
        self.extensions.stop()
        self.uploads.stop()

    def throttle(self, session: Session) -> None:
        """Have the session's waiting lines run as the flood limit allows."""
        if not self._throttled:
            self.runtime.later(DRAIN, self._drain)
        self._throttled[session] = None

    def stalled(self, session: Session, *, is_so: bool) -> None:
        """The session's peer has stopped reading (or reads again): it is dropped if that goes on."""
        if is_so:
            self._stalled.setdefault(session, self.runtime.now())
        else:
            self._stalled.pop(session, None)

    def _drain(self) -> None:
        now = self.runtime.now()
        for session in list(self._throttled):
            if session.ended or session.drain(now):
                del self._throttled[session]
        if self._throttled:
            self.runtime.later(DRAIN, self._drain)

    def _tick(self) -> None:
        self.runtime.later(TICK, self._tick)
        now = self.runtime.now()
        self.measures.tick(now, TICK)
        for session in self.wheel.due(now):
            if not session.ended:
                session.due = self.wheel.add(session, now + self._look_after(session, now))
        for session, since in list(self._stalled.items()):
            if now - since > self.limits.output_seconds:
                end = session.link.drop if session.ended else session.too_slow
                end("Your side reads too slowly.")
        self.admission.forget_old(now)
        self.presence.look_after(now)

    def _look_after(self, session: Session, now: float) -> float:
        """End a login that takes too long, probe a silent connection; seconds until the next look."""
        limits = self.limits
        if limits.login_seconds and session in self.arrivals:
            left = self._time_to_log_in(session) - now
            if left > 0:
                return left
            session.tell(f"You did not log in within {limits.login_seconds} seconds: please connect again.")
            session.end("login took too long")
            return limits.login_seconds
        silent = now - session.active_at
        if limits.keepalive_seconds and silent >= limits.keepalive_seconds - TICK:
            session.link.keepalive()
            return limits.keepalive_seconds
        return max(TICK, (limits.keepalive_seconds or 60) - silent)

    def _time_to_log_in(self, session: Session) -> float:
        """When that time is over. Who types at the door (reads the help, chooses a password) is given it anew with
        each line, `MORE_TIME` times at most; programs know what they came for."""
        came, seconds = session.user.since, self.limits.login_seconds
        if not session.link.is_led:
            return came + seconds
        return min(session.active_at, came + MORE_TIME * seconds) + seconds


def marks(nicks: Iterable[str]) -> set[str]:
    """What nicks are told apart by: how they are compared, and how they look."""
    return {mark(nick) for nick in nicks for mark in (fold, skeleton)}
