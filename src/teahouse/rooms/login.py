"""Where everyone arrives. Rule: nobody is in the house who has not come through here (or through an extension's
room in its place); what is asked for, in which order, stands in `knock`.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, ClassVar

from teahouse.commands import Rest, command
from teahouse.errors import BadName, EndSession, NickInUse, NotAllowed, UsageError, WrongPassword
from teahouse.events import Failed, Notice
from teahouse.rooms.base import Result, Room
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.store import Account

TRIES = 3


class LoginRoom(Room):
    """Where everyone arrives: greets, and knows few commands beside `login`.

    What it says and where it leads are class attributes; empty ones are the house's own.
    """

    takes_text: ClassVar[bool] = False
    at_the_door: ClassVar[bool] = True
    greeting: ClassVar[str] = ""
    unknown_text: ClassVar[str] = 'Please log in first: login <nick>. "help" lists what else you can do here.'
    no_name: ClassVar[str] = "Under which nick? login <nick>"
    taken: ClassVar[str] = ""
    """Said when the nick cannot be had; `{nick}` is the nick."""
    leads_to: ClassVar[str] = ""
    """The room to go to, without a word from the house."""

    def add(self, session: Session) -> None:
        """Greet the one who has just connected."""
        house = self.server.settings.house
        greeting = self.greeting or house.banner.replace("{name}", house.name)
        if greeting and session.link.is_led:  # other clients know their own way in
            session.tell(Notice(greeting))

    @command(aliases=("nick", "connect"))
    def login(self, session: Session, nick: str = "", password: Rest = "") -> Result:
        """Come in under a nick; with its password if it belongs to an account."""
        if not nick:
            raise BadName(self.no_name)
        if self.leads_to:
            self._by_name_alone(session, nick)
            return None
        self.server.check_name(nick)
        return self.knock(session, nick, password)

    @command
    def register(self, session: Session, nick: str, password: Rest = "") -> Result:
        """Make an account of a nick, so that it is yours whenever you come."""
        if self.leads_to or not self.server.settings.house.registration:
            raise NotAllowed("Nobody registers by themselves here: ask those who keep the house.")
        self.server.check_nick(nick)
        self.server.order.check_register(session.user, nick)
        return self._register(session, nick, password)

    @command
    def who(self, session: Session) -> None:
        """See how many people are in."""
        count = len(self.server.users)
        session.tell(
            "Nobody is in." if not count else f"{count:,} {'person is' if count == 1 else 'people are'} in."
        )

    # ---- the ways in ---------------------------------------------------------------------------------------

    def _by_name_alone(self, session: Session, nick: str) -> None:
        try:
            session.be_called(nick)
        except NickInUse as error:
            raise NickInUse(self.taken.format(nick=nick) or error.text) from error
        session.enter(self.server.rooms.open(self.leads_to))

    async def knock(self, session: Session, nick: str, password: str) -> None:
        """An account's nick wants its password; any other is a guest's, if the house takes guests."""
        house = self.server.settings.house
        owner = await self.server.accounts.owner(nick)
        if owner is not None and fold(nick) not in {each.key for each in owner.own}:
            raise NickInUse(f"{nick} looks like a nick that belongs to an account: choose another.")
        if owner is None and house.guests and not (password and not house.password):
            self.server.check_nick(nick)
            if house.password:
                await self._ask_house_password(session, password)
            self._as_guest(session, nick)
            return
        if password:  # by a program, more likely than not: it is told, not asked
            account = await self.server.accounts.authenticate(nick, password, session.address)
        else:
            account = await self._ask_password(session, nick)
        await self.server.presence.come_in(session, account, nick)

    async def _ask_password(self, session: Session, nick: str) -> Account:
        self._warn(session)
        for _ in range(TRIES):
            password = await session.ask("Password: ", secret=True)
            try:
                return await self.server.accounts.authenticate(nick, password, session.address)
            except WrongPassword as error:
                session.tell(Failed(error.code, error.text, "login"))
        raise EndSession("wrong password")

    async def _ask_house_password(self, session: Session, given: str) -> None:
        accounts = self.server.accounts
        if given:
            accounts.check_house_password(given, session.address)
            return
        self._warn(session)
        for _ in range(TRIES):
            try:
                accounts.check_house_password(await session.ask("Password: ", secret=True), session.address)
            except WrongPassword as error:
                session.tell(Failed(error.code, error.text, "login"))
            else:
                return
        raise EndSession("wrong password")

    async def _register(self, session: Session, nick: str, password: str) -> None:
        await self.server.accounts.check_free(nick)
        if self.server.settings.house.password:
            session.tell("The password of the house, first:")
            await self._ask_house_password(session, "")
        if not password:
            self._warn(session)
            password = await ask_new_password(session)
        account = await self.server.accounts.register(nick, password, session.address)
        await self.server.presence.come_in(session, account, nick)

    def _as_guest(self, session: Session, nick: str) -> None:
        session.be_called(nick)  # checks again: somebody else may have come in under it meanwhile
        self.server.welcome(session)

    def _warn(self, session: Session) -> None:
        if not session.link.secure:
            session.tell(self.server.warning_of_plain_text())


async def ask_new_password(session: Session) -> str:
    """A password of the user's choice, typed twice. Raises UsageError when the two differ."""
    password = await session.ask("Choose a password: ", secret=True)
    if not _same(password, await session.ask("The same again: ", secret=True)):
        raise UsageError("These were two different passwords: nothing is changed.")
    return password


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
