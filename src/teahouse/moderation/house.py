"""What holds in the whole house: who is kept out or silent, which words are not taken, who may come in at all. Rule:
those whom it is about are told why; what was done is written down in the audit log.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from teahouse.commands import rank
from teahouse.errors import Banned, CannotTalk, ChatError, NotAllowed, TooFast
from teahouse.events import Notice, Reported
from teahouse.limits import Bucket
from teahouse.moderation.cloak import Cloaks
from teahouse.moderation.filters import Filter, Filters
from teahouse.moderation.masks import ACCOUNT, Claim, is_within
from teahouse.moderation.rules import Rule, Rules
from teahouse.store import Account, Act, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.session import Session
    from teahouse.user import User

DOCUMENT = "house"
KEY = "cloak key"
WHILE = 600.0
"""Seconds for which reports of one person are counted together."""
LOCKED = "The house takes no new guests just now. If you have an account: login <nick>"


class HouseOrder:
    """The order of a house: bans, shuns, filters, lockdown, reports and the audit log."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.bans = Rules("house bans", server.limits.rules_of_house)
        self.shuns = Rules("shuns", server.limits.rules_of_house)
        self.filters = Filters(server.limits.filters_of_house)
        self.lockdown = server.settings.house.lockdown
        self.is_plain = True
        """Whether nobody is shunned and no word is filtered: asked for each line."""
        self._reports: dict[str, Bucket] = {}
        self.cloaks = Cloaks(self._key())
        self._take(server.store.document(DOCUMENT) or {})

    # ---- at the door ---------------------------------------------------------------------------------------

    def refusal(self, address: str) -> str:
        """Why nobody from this address may connect, as a sentence to tell them; "" if they may."""
        now = self.now()
        for rule in self.bans:
            if "!" not in rule.mask and is_within(address, rule.mask) and rule.holds(now):
                return f"Your address is banned from this house{_because(rule)}."
        return ""

    def check_login(self, user: User, nick: str, account: Account | None) -> None:
        """Raise Banned or NotAllowed if someone may not come in as that. Those who keep the house always may."""
        if account is not None and rank(account.role) >= rank("moderator"):
            return
        self.check_nick(user, nick, account)
        if self.lockdown and account is None:
            raise NotAllowed(LOCKED)

    def check_nick(self, user: User, nick: str, account: Account | None) -> None:
        """Raise Banned if someone may not be in the house under this nick."""
        key = account.key if account is not None else ""
        rule = self.bans.about(Claim(fold(nick), user.ident, user.hosts, user.addresses, key), self.now())
        if rule is not None:
            raise Banned(f"You are banned from this house{_because(rule)}.")

    # ---- talking -------------------------------------------------------------------------------------------

    def check_talk(self, user: User, now: datetime) -> None:
        """Raise CannotTalk for those who are shunned. Nobody silences those who keep the house."""
        if not self.shuns or rank(user.role) >= rank("moderator"):
            return
        rule = self.shuns.about(user, now)
        if rule is not None:
            raise CannotTalk(f"You may only listen in this house{_because(rule)}.")

    def check_whisper(self, user: User, text: str) -> None:
        """Raise CannotTalk if someone may not say that to one person."""
        self.check_talk(user, self.now())
        caught = self.caught(text, user.role)
        if caught is not None and caught.action != "report":
            raise CannotTalk("The house does not take words like that, and nobody was shown them.")

    def caught(self, text: str, role: str) -> Filter | None:
        """The filter that catches what someone is about to say. A voice is trusted."""
        return None if rank(role) >= rank("voice") else self.filters.caught(text)

    # ---- who someone is ------------------------------------------------------------------------------------

    def masks_of(self, user: User) -> list[str]:
        """The masks that someone cannot shake off by another nick, device or protocol: the account, and the
        places they are connected from; the nick only for those who have neither."""
        masks = [ACCOUNT + user.account_key] if user.account_key else []
        places = [each for each in user.addresses if self._server.admission.key(each)]
        masks += [f"*!*@{self.cloaks.of(each)}" for each in places]
        return list(dict.fromkeys(masks)) or [f"{user.key}!*@*"]

    def staff(self) -> list[User]:
        """Those who keep the house and are here."""
        return [user for user in self._server.users.values() if rank(user.role) >= rank("moderator")]

    def now(self) -> datetime:
        """What time it is."""
        return datetime.fromtimestamp(self._server.runtime.time(), UTC)

    # ---- what is done --------------------------------------------------------------------------------------

    def kill(self, user: User, reason: str) -> None:
        """Put someone out of the house, on all devices, always on or not."""
        text = f"You are put out of the house{': ' + reason if reason else '.'}"
        if not user.sessions:
            self._server.presence.let_go(user, reason)
        user.detached = False
        for session in list(user.sessions):
            session.tell(Notice(text))
            session.end(reason)
        if self._server.users.get(user.key) is user:  # one who is always on
            self._server.presence.let_go(user, reason)

    def add(self, rules: Rules, made: Iterable[Rule]) -> None:
        """Make rules of the house; a ban puts out at once whom it is about, but nobody who keeps the house."""
        made = list(made)
        for rule in made:
            rules.add(rule)
        self._changed()
        if rules is not self.bans:
            return
        now = self.now()
        for user in list(self._server.users.values()):
            rule_ = rules.about(user, now) if rank(user.role) < rank("moderator") else None
            if rule_ is not None and rule_ in made:
                self.kill(user, f"banned{_because(rule_)}")

    async def keep(self) -> None:
        """Have it written down. Raises ChatError."""
        self._changed()
        try:
            await self._server.store.save_document(DOCUMENT, self._to_dict())
        except StoreError as error:
            raise ChatError(
                "That holds now, but the house cannot write it down: it ends with a restart."
            ) from error

    def note(self, act: Act) -> None:
        """Write down what was done."""
        self._server.runtime.spawn(self._only_note(act))

    async def _only_note(self, act: Act) -> None:
        await self._note(act)

    async def _note(self, act: Act) -> Act | None:
        try:
            return await self._server.store.note(act)
        except StoreError as error:
            self._server.runtime.log.error(
                "not in the audit log: {what} of {about} by {by}: {error}",
                what=act.what,
                about=act.about,
                by=act.by,
                error=error,
            )
            return None

    # ---- reports -------------------------------------------------------------------------------------------

    def report(self, session: Session | None, about: str, reason: str, place: str) -> None:
        """Put a report into the queue, and let those know who keep order. Raises TooFast."""
        who = session.user.nick if session is not None else self._server.settings.house.name
        if session is not None:
            self._count(session.user.key)
        account = session.user.account_key if session is not None else ""
        act = Act(what="report", by=who, account=account, about=about, room=place, reason=reason)
        self._server.runtime.spawn(self._report(act))

    async def _report(self, act: Act) -> None:
        noted = await self._note(act)
        number = noted.number if noted is not None else 0
        told = dict.fromkeys(self.staff())
        room = self._server.rooms.get(fold(act.room))
        if room is not None:
            told.update(dict.fromkeys(room.keepers()))
        for user in told:
            user.tell(Reported(act.by, act.about, act.reason, act.room, number))

    def _count(self, who: str) -> None:
        most = self._server.limits.reports_per_user
        now = self._server.runtime.now()
        bucket = self._reports.pop(who, None) or Bucket(most, now)
        if len(self._reports) > self._server.limits.rules_of_house:
            self._reports.clear()
        self._reports[who] = bucket
        if not bucket.take(now, most / WHILE, most):
            raise TooFast(f"You have made {most} reports within ten minutes: please wait a little.")

    # ---- being kept ----------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.is_plain = not (self.shuns or self.filters)

    def _to_dict(self) -> dict[str, Any]:
        return {
            "bans": self.bans.to_list(),
            "shuns": self.shuns.to_list(),
            "filters": self.filters.to_list(),
            "lockdown": self.lockdown,
        }

    def _take(self, kept: dict[str, Any]) -> None:
        self.bans.take(kept.get("bans", []))
        self.shuns.take(kept.get("shuns", []))
        self.filters.take(kept.get("filters", []))
        self.lockdown = kept.get("lockdown", self.lockdown)
        self._changed()

    def _key(self) -> bytes:
        """The key of the cloaks: made once, and kept."""
        kept = self._server.store.document(KEY)
        if isinstance(kept, str):
            return bytes.fromhex(kept)
        key = secrets.token_bytes(32)
        self._server.runtime.spawn(self._save_key(key.hex()))
        return key

    async def _save_key(self, key: str) -> None:
        try:
            await self._server.store.save_document(KEY, key)
        except StoreError as error:
            self._server.runtime.log.error("the cloaks will be others after a restart: {error}", error=error)


def _because(rule: Rule) -> str:
    until = f" until {rule.until:%Y-%m-%d %H:%M} UTC" if rule.until else ""
    return until + (f": {rule.reason}" if rule.reason else "")
