"""Being in the house with an account: on several devices, or on none. Rule: what someone has not seen is known by the
last event that was there to see when the last connection went.
"""

from __future__ import annotations

from collections.abc import Collection
from secrets import randbelow
from typing import TYPE_CHECKING

from teahouse.errors import ChatError, EndSession, NickInUse
from teahouse.events import AwayChanged, Failed, HostChanged, LoggedIn, Replayed
from teahouse.rereading import Rereading
from teahouse.store import StoreError
from teahouse.text import fold
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.store import Account

NOT_CONNECTED = "not connected"
MISSED = 100
ACCOUNTS = 1_000_000
"""More than any house has: all of them are looked through when it opens."""
NOTED = 30.0
"""Seconds between two notes of how far those who are always on have read."""
TRIES, FEW, MANY = 50, 10, 1_000_000
POST = ""
"""The name under which the marker for private messages is kept, beside those of rooms."""


class Presence:
    """Joins sessions to the users of their accounts, and keeps users who stay without a connection."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._alone: dict[User, float] = {}
        self._moved: dict[User, None] = {}
        self._note_at = 0.0
        self._rereading = Rereading(server)

    # ---- coming --------------------------------------------------------------------------------------------

    async def come_in(self, session: Session, account: Account, nick: str) -> None:
        """A session has proved to be of this account: it joins the account's user, or becomes it.

        Raises NickInUse when another account's user goes by the nick.
        """
        markers = await self._server.store.markers(account.key)
        if self._server.user_of(account.key) is None:
            await self.take_back(nick)
        if session.ended:
            raise EndSession("connection lost")
        user = self._server.user_of(account.key)
        first = user is None or not user.sessions
        if user is not None:
            self._server.order.check_login(session.user, nick, account)
            user.markers = markers | user.markers
            self._join(session, user)
        else:
            session.be_called(nick, account)
            self._server.belongs(session.user, account)
            session.user.left_at = markers
            session.user.markers = dict(markers)
            self._server.welcome(session)
        await self.bring(session, account, markers, first=first, was_here=user is not None)

    async def bring(
        self,
        session: Session,
        account: Account,
        markers: dict[str, int],
        *,
        first: bool,
        was_here: bool = True,
    ) -> None:
        """What was said while nobody read on for the account, to its first session; in its rooms only if it had
        stayed in them."""
        if first and was_here:
            await self._bring_missed(session, session.user)
        if first:
            await self._bring_post(session, account, markers.get(POST, 0))

    def _join(self, session: Session, user: User) -> None:
        """One more device of a user who is here already, or the first one again of one who had stayed."""
        session.user.sessions.remove(session)
        self.connect(session, user)
        session.tell(LoggedIn(user.nick))
        self._server.measures.counters.logins += 1
        self.show_rooms(session)

    def connect(self, session: Session, user: User) -> None:
        """A session that was of another user (or of nobody) is of this one from now on."""
        if not user.sessions:
            self._move(user, session)
        self._alone.pop(user, None)
        session.user = user
        user.sessions.append(session)
        user.detached = False
        self._server.fanout.attach(session)
        self.attend(user)

    def _move(self, user: User, session: Session) -> None:
        """The user is where its first session is; one that had none is seen to come from there now."""
        came = session.user
        if (came.ident, session.host) != (user.ident, user.host):
            self._server.spread(HostChanged(user.nick, came.ident, session.host), user)
            user.ident, user.host = came.ident, session.host
        user.realname = user.realname or came.realname

    def attend(self, user: User, without: Collection[Session] = ()) -> None:
        """Someone sits at a session of the user's now, or at none (but for those that go) any more: those around are
        told, without fuss."""
        there = any(each.attends for each in user.sessions if each not in without)
        if user.away != (NOT_CONNECTED if there else ""):
            return
        user.away = "" if there else NOT_CONNECTED
        self._server.spread(AwayChanged(user.nick, user.away, quiet=True), user)

    def lead_in(self, session: Session) -> None:
        """Into the lobby with it; whom the lobby does not let in is in the house all the same."""
        server = self._server
        try:
            session.enter(server.rooms.open(server.settings.house.lobby))
        except ChatError as error:
            session.tell(Failed(error.code, error.text))
            server.foyer.add(session)
            return
        hint = server.settings.house.hint
        if hint and session.user.account is None and session.room.takes_text:
            session.tell(hint)

    def show_rooms(self, session: Session) -> None:
        """A session that has come to a user who is in rooms already looks at them."""
        server, user = self._server, session.user
        room = next(reversed(user.rooms.values()), None)
        if room is None:
            session.look_at(server.foyer)  # it is at the door no more
        if session.link.many:
            for each in user.rooms.values():
                session.look_at(each)
                each.welcome_back(session)
        elif room is None:
            self.lead_in(session)
        else:
            session.look_at(room)
            room.show(session)

    async def _bring_missed(self, session: Session, user: User) -> None:
        """What was said in its rooms while nobody read on for the user."""
        for room, left_at in list((user.left_at or {}).items()):
            if room in user.rooms:
                events = await self._server.store.history(room, MISSED, after=left_at)
                wanted = user.wants_of(events)
                if wanted:
                    session.tell(Replayed(wanted, room=room))

    async def _bring_post(self, session: Session, account: Account, seen: int) -> None:
        own = {each.key for each in account.own}
        post = await self._server.store.inbox(account.key, after=seen)
        wanted = session.user.wants_of(post)
        news = tuple(each for each in wanted if fold(getattr(each, "who", "")) not in own)
        if news:
            session.tell(Replayed(news))

    async def take_back(self, nick: str) -> None:
        """A guest who has had the nick since before it was registered gets another. Raises NickInUse."""
        while (holder := self._holder(nick)) is not None:
            other = await self._nobodys_nick()
            if self._holder(nick) is holder and self._is_free(other):  # it took a while to find out
                self._server.rename(holder, other)

    def _holder(self, nick: str) -> User | None:
        holder = self._server.users.get(fold(nick)) or self._server.looks_like(nick)
        if holder is not None and (holder.account is not None or holder.listener is not None):
            raise NickInUse(f"{nick} is taken: log in under another of your nicks.")
        return holder

    async def _nobodys_nick(self) -> str:
        """One that nobody has, here or in an account. Raises NickInUse if it finds none."""
        for tried in range(1, TRIES):
            nick = f"guest{tried if tried < FEW else randbelow(MANY)}"  # many may be reserved, to annoy
            if self._is_free(nick) and await self._server.accounts.owner(nick) is None:
                return nick
        raise NickInUse("Somebody is here under that nick, and there is no other for them. Try again later.")

    def _is_free(self, nick: str) -> bool:
        try:
            self._server.check_nick(nick)
        except ChatError:
            return False
        return True

    # ---- going, and staying --------------------------------------------------------------------------------

    def note_leaving(self, user: User) -> None:
        """The user's last connection goes: note how far it has read, and that nobody reads on if it stays."""
        if user.account is None or not user.sessions:
            return
        last = self._server.fanout.last_id
        user.left_at = dict.fromkeys([POST, *user.rooms], last)
        self._note_read(user)
        if user.stays:
            self._alone[user] = self._server.runtime.now()
            self.attend(user, without=user.sessions)

    def moved(self, user: User) -> None:
        """The user has come into a room, or gone out of one: where it is always on is kept."""
        if user.account is not None and user.account.always_on:
            self._moved[user] = None

    async def restore(self) -> None:
        """When the house opens: those who are always on are in their rooms again."""
        try:
            for account in await self._server.store.accounts(count=ACCOUNTS):
                self._server.push.note(account)
                if account.always_on and not account.suspended:
                    left_at = await self._server.store.markers(account.key)
                    if self._server.user_of(account.key) is None:  # else it was faster
                        self._restore(account, left_at)
            self._server.rooms.close_empty()
        except StoreError as error:
            self._server.runtime.log.error("cannot see who is always on: {error}", error=error)

    def _restore(self, account: Account, left_at: dict[str, int]) -> None:
        user = User(self._server.runtime.now())
        user.away = NOT_CONNECTED
        user.left_at = left_at
        try:
            self._server.check_nick(account.name, user)
            self._server.order.check_login(user, account.name, account)
            self._server.name_user(user, account.name)
            self._server.belongs(user, account)
        except ChatError as error:
            self._server.runtime.log.warn("{name} is not back: {error}", name=account.name, error=error.text)
            return
        for room in account.settings.get("rooms", []):
            try:
                self._server.rooms.open(room, account=account.key).add_user(user)
            except ChatError as error:
                self._server.runtime.log.warn(
                    "{name} is not back in {room}: {error}", name=account.name, room=room, error=error.text
                )

    def let_go(self, user: User, reason: str) -> None:
        """A user without a connection stays no longer."""
        self._alone.pop(user, None)
        self._server.logout.say_farewell(user, reason)
        self._server.forget(user)

    def look_after(self, now: float) -> None:
        """Once a second: keep where people who are always on have gone, and let go of those detached too long."""
        self._rereading.look(now)
        if now >= self._note_at:
            self._note_at = now + NOTED
            self._note_reading()
        self._server.runtime.spawn(self.settle())
        longest = self._server.limits.detached_hours * 3600
        for user, since in list(self._alone.items()):
            if now - since > longest and user.account is not None and not user.account.always_on:
                self.let_go(user, "did not come back")

    def _note_reading(self) -> None:
        """Those who are always on and connected have read until now: it is known then after a crash, too."""
        for user in self._server.users.values():
            if user.account is not None and user.account.always_on and user.sessions:
                self._note_read(user)

    def _note_read(self, user: User) -> None:
        """What was shown on a device that does not tell how far it was read, is read."""
        rooms = () if all(each.tells_reading for each in user.sessions) else user.rooms
        for room in (POST, *rooms):
            self.mark(user, room, self._server.fanout.last_id)

    def mark(self, user: User, room: str, id_: int) -> int:
        """A user has read a room up to there, or a conversation (`@nick`); up to where it has: never back."""
        before = user.markers.get(room, 0)
        if room not in user.markers:
            self._forget_oldest(user)
        user.markers[room] = id_ = max(id_, before)
        for each in user.sessions if id_ != before else ():
            each.marked(room, id_)
        if user.account is not None:
            self._server.store.set_marker(user.account.key, room, id_)
        return id_

    def read(self, user: User, room: str, id_: int) -> int:
        """The same, by the word of a client: whoever was notified elsewhere need not look any more."""
        now = self.mark(user, room, id_)
        self._server.push.read(user, room, now)
        return now

    def _forget_oldest(self, user: User) -> None:
        """Make space for one more marker, in the place of what was read longest ago."""
        while len(user.markers) >= max(2, self._server.limits.markers_per_user):
            oldest = min(user.markers.keys() - {POST}, key=user.markers.__getitem__)
            del user.markers[oldest]
            if user.account is not None:
                self._server.store.set_marker(user.account.key, oldest, 0)

    async def settle(self) -> None:
        """Keep where people who are always on have gone."""
        moved, self._moved = self._moved, {}
        for user in moved:
            if user.account is not None:
                await self._keep_rooms(user, user.account)

    async def _keep_rooms(self, user: User, account: Account) -> None:
        rooms = [room.name for room in user.rooms.values()]
        try:
            if account.always_on:
                await self._server.rooms.keep_for(user)
            await self._server.accounts.change(account, settings={"rooms": rooms})
        except ChatError as error:
            self._server.runtime.log.warn("{name}: {error}", name=account.name, error=error.text)
