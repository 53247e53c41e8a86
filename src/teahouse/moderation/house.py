"""What holds in the whole house: who is kept out or silent, which words are not taken, who may come in at all. Rule:
those whom it is about are told why; it is never about those who keep the house; and what was done is written down in
the audit log.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from teahouse.commands import rank
from teahouse.errors import BadName, Banned, CannotTalk, ChatError, NotAllowed, TooMany, UsageError
from teahouse.events import Notice
from teahouse.moderation.cloak import Cloaks
from teahouse.moderation.filters import ACTIONS, MUTED_FOR, Filter, Filters
from teahouse.moderation.masks import ACCOUNT, Claim, matches
from teahouse.moderation.networks import Networks
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.watch import Watch
from teahouse.store import Account, Act, StoreError
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.server import Server
    from teahouse.settings import Settings
    from teahouse.user import User

DOCUMENT = "house"
KEY = "cloak key"
LOCKED = "The house takes no new guests just now. If you have an account: login <nick>"
NOBODY_NEW = "The house takes no new accounts just now. Please come back later."
UNWANTED = "The house does not take words like that, and nobody was shown them."
NOT_WRITTEN = "That holds now, but the house cannot write it down: it ends with a restart."
SETTINGS = "the settings"
"""Who has made a filter that stands in the configuration: it is there again whenever the house opens."""
EVERYBODY = {"*!*@*", "0.0.0.0/0", "::/0"}


class HouseOrder(Watch):
    """The order of a house: bans, shuns, filters, lockdown, reports and the audit log."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.bans = Rules("house bans", server.limits.rules_of_house)
        self.shuns = Rules("shuns", server.limits.rules_of_house)
        self.filters = Filters(server.limits.filters_of_house)
        self.lockdown = False
        """Whether only people with an account come in, and nobody registers one."""
        self.is_plain = True
        """Whether nobody is shunned and no word is filtered: asked for each line."""
        self._networks = Networks()
        self.cloaks = Cloaks(self._key())
        self._take(server.store.document(DOCUMENT) or {})

    def take_settings(self, before: Settings) -> None:
        """The house has other settings than before: other limits, and perhaps other filters."""
        limits, house = self._server.limits, self._server.settings.house
        self.bans.limit = self.shuns.limit = limits.rules_of_house
        self.filters.limit = limits.filters_of_house
        gone = {given_filter(each).pattern for each in set(before.house.filters) - set(house.filters)}
        for each in [each for each in self.filters if each.by == SETTINGS and each.pattern in gone]:
            self.filters.drop(each.pattern)
        self._set_filters(each for each in house.filters if each not in before.house.filters)
        self._changed()

    # ---- at the door ---------------------------------------------------------------------------------------

    def refusal(self, address: str) -> str:
        """Why nobody from this address may connect, as a sentence to tell them; "" if they may."""
        rule = self._networks.about(address, self.now())
        return f"Your address is banned from this house{_because(rule)}." if rule is not None else ""

    def check_login(self, user: User, nick: str, account: Account | None) -> None:
        """Raise Banned, BadName or NotAllowed if someone may not come in as that. Those who keep the house always
        may."""
        if account is not None and rank(account.role) >= rank("moderator"):
            return
        self.check_nick(user, nick, account)
        if self.lockdown and account is None:
            raise NotAllowed(LOCKED)

    def check_register(self, user: User, nick: str) -> None:
        """Raise Banned, BadName or NotAllowed if someone may not make an account of a nick just now."""
        if self.lockdown:
            raise NotAllowed(NOBODY_NEW)
        self.check_nick(user, nick, None)

    def check_nick(self, user: User, nick: str, account: Account | None) -> None:
        """Raise Banned or BadName if someone may not be in the house under this nick."""
        key = account.key if account is not None else ""
        rule = self.bans.about(Claim(fold(nick), user.ident, user.hosts, user.addresses, key), self.now())
        if rule is not None:
            raise Banned(f"You are banned from this house{_because(rule)}.")
        if account is None or fold(nick) not in {each.key for each in account.own}:
            caught = self.caught(nick, user.role)
            if caught is not None and caught.action != "report":
                raise BadName("The house does not take words like that: choose another nick.")

    def check_rename(self, user: User, nick: str) -> None:
        """Raise ChatError where another nick would break or evade a rule. Those who keep the house take any."""
        if rank(user.role) >= rank("moderator"):
            return
        self.check_nick(user, nick, user.account)
        if self.shuns.about(user, self.now()) is not None:
            raise CannotTalk("You cannot take another nick while you may only listen in this house.")

    # ---- talking -------------------------------------------------------------------------------------------

    def check_talk(self, user: User, now: datetime) -> None:
        """Raise CannotTalk for those who are shunned. Nobody silences those who keep the house."""
        if not self.shuns or rank(user.role) >= rank("moderator"):
            return
        rule = self.shuns.about(user, now)
        if rule is not None:
            raise CannotTalk(f"You may only listen in this house{_because(rule)}.")

    def check_words(self, user: User, text: str, place: str = "") -> None:
        """Raise CannotTalk if someone may not say that: in a room, or where others see it who are in none."""
        if self.is_plain or user.listener is not None:
            return
        self.check_talk(user, self.now())
        self.check_text(user, text, place)

    def check_text(self, user: User, text: str, place: str) -> None:
        """Do what the house's filters say about a text. Raises CannotTalk unless it may be said all the same.

        A voice that a room gives means nothing here: else whoever makes a room could say anything in it."""
        caught = self.caught(text, user.role)
        if caught is None:
            return
        if caught.action == "report":
            reason = f"unwanted words (house filter {caught.pattern})"
            self.suspect(user.nick, reason, place, detail=text)
            return
        if caught.action == "mute":
            self._silence(user, caught, place)
        raise CannotTalk(UNWANTED)

    def check_whisper(self, user: User, text: str) -> None:
        """Raise CannotTalk if someone may not say that to one person. Nobody reports what is private by itself."""
        self.check_talk(user, self.now())
        caught = self.caught(text, user.role)
        if caught is not None and caught.action != "report":
            raise CannotTalk(UNWANTED)

    def may_say(self, user: User, text: str) -> bool:
        """Whether others are shown a text that is not worth an error: the reason why someone leaves."""
        if self.is_plain or rank(user.role) >= rank("moderator"):
            return True
        return self.shuns.about(user, self.now()) is None and self.caught(text, user.role) is None

    def caught(self, text: str, role: str) -> Filter | None:
        """The filter that catches what someone is about to say. A voice is trusted."""
        return None if rank(role) >= rank("voice") else self.filters.caught(text)

    def _silence(self, user: User, caught: Filter, place: str) -> None:
        """They may only listen for a while."""
        until = self.now() + timedelta(seconds=MUTED_FOR)
        reason = "unwanted words"
        made = [Rule(mask, "filter", self.now(), until, reason, user.nick) for mask in self.masks_of(user)]
        try:
            self.add(self.shuns, made)
        except TooMany as error:
            self._server.runtime.log.warn("{nick} is not silenced: {error}", nick=user.nick, error=error.text)
            return
        self.note(Act(what="shun", by="filter", about=user.nick, room=place, reason=caught.pattern))
        self._server.runtime.spawn(self._try_to_keep())

    # ---- who someone is ------------------------------------------------------------------------------------

    def masks_of(self, user: User) -> list[str]:
        """The masks that someone cannot shake off by another nick, device or protocol: the account, and the
        places they are connected from; the nick only for those who have neither."""
        masks = [ACCOUNT + user.account_key] if user.account_key else []
        places = [each for each in user.addresses if self._server.admission.key(each)]
        masks += [f"*!*@{self.cloaks.of(each)}" for each in places]
        return list(dict.fromkeys(masks)) or [f"{user.key}!*@*"]

    def check_over(self, by: User, other: User) -> None:
        """Raise NotAllowed unless someone may keep another in order: those who keep the house can be put in order
        only by a higher role."""
        if other is by:
            raise NotAllowed("You cannot do that to yourself.")
        if other.listener is not None:
            raise NotAllowed(f"{other.nick} is a bot, and belongs to the house.")
        if rank(other.role) >= rank("moderator") and rank(by.role) <= rank(other.role):
            raise NotAllowed(f"{other.nick} keeps the house too: that takes a higher role than yours.")

    async def check_masks(self, by: User, masks: Iterable[str]) -> None:
        """Raise NotAllowed for masks that would be about the one who makes a rule of them, or about others who
        keep the house: a rule cannot be about them."""
        for mask in masks:
            if mask in EVERYBODY or matches(mask, by):
                raise NotAllowed(f"{mask} is about you, too: choose a mask that is about fewer people.")
            found = next((user.nick for user in self.staff() if matches(mask, user)), "")
            if not found and mask.startswith(ACCOUNT):
                account = await self._server.store.account(mask[len(ACCOUNT) :])
                found = account.name if account and rank(account.role) >= rank("moderator") else ""
            if found:
                raise NotAllowed(
                    f"{mask} is about {found}, who keeps the house: choose a mask that is about fewer people. "
                    f"(An admin can take the role first: /role {found} member)"
                )

    # ---- what is done --------------------------------------------------------------------------------------

    def kill(self, user: User, told: str, reason: str) -> None:
        """Put someone out of the house, on all devices, always on or not. `told`: a sentence for them; `reason`:
        how those see it who share a room with them."""
        if not user.sessions:
            self._server.presence.let_go(user, reason)
        user.detached = False
        for session in list(user.sessions):
            session.tell(Notice(told))
            session.end(reason)
        if self._server.users.get(user.key) is user:  # one who is always on
            self._server.presence.let_go(user, reason)

    def add(self, rules: Rules, made: Iterable[Rule]) -> list[User]:
        """Make rules of the house; a ban puts out at once whom it is about, and those it gives back. Raises
        TooMany."""
        made = list(made)
        rules.add(*made)
        self._changed()
        return self._put_out(made) if rules is self.bans else []

    def lift(self, rules: Rules, text: str, masks: Collection[str] = ()) -> list[Rule]:
        """Take back the rules with these masks, and those made for this nick; as they were. Raises NotFound."""
        lifted = rules.lift(text, self.now(), masks)
        self._changed()
        return lifted

    def _put_out(self, made: list[Rule]) -> list[User]:
        now, out = self.now(), []
        for user in list(self._server.users.values()):
            if rank(user.role) >= rank("moderator") or user.listener is not None:
                continue
            rule = next((each for each in made if each.holds(now) and matches(each.mask, user)), None)
            if rule is not None:
                why = f"banned{': ' * bool(rule.reason)}{rule.reason}"
                self.kill(user, f"You are banned from this house{_because(rule)}.", why)
                out.append(user)
        return out

    # ---- being kept ----------------------------------------------------------------------------------------

    async def keep(self) -> None:
        """Have it written down. Raises ChatError."""
        self._changed()
        try:
            await self._server.store.save_document(DOCUMENT, self._to_dict())
        except StoreError as error:
            raise ChatError(NOT_WRITTEN) from error

    async def _try_to_keep(self) -> None:
        try:
            await self.keep()
        except ChatError as error:
            self._server.runtime.log.error("the order of the house: {error}", error=error.text)

    def _changed(self) -> None:
        self.is_plain = not (self.shuns or self.filters)
        self._networks.take(self.bans)

    def _to_dict(self) -> dict[str, Any]:
        return {
            "bans": self.bans.to_list(),
            "shuns": self.shuns.to_list(),
            "filters": [list(each) for each in self.filters if each.by != SETTINGS],
            "lockdown": self.lockdown,
        }

    def _take(self, kept: dict[str, Any]) -> None:
        self.bans.take(kept.get("bans", []))
        self.shuns.take(kept.get("shuns", []))
        self._set_filters(self._server.settings.house.filters)
        self.filters.take(kept.get("filters", []))
        self.lockdown = bool(kept.get("lockdown")) or self._server.settings.house.lockdown
        self._changed()

    def _set_filters(self, texts: Iterable[str]) -> None:
        for given in map(given_filter, texts):
            self.filters.set(given.pattern, given.action, given.by)

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


def given_filter(text: str) -> Filter:
    """A filter as the configuration has it: `refuse: links`. Raises ValueError."""
    action, colon, words = (part.strip() for part in text.partition(":"))
    if action not in ACTIONS or not (colon and words):
        raise ValueError(
            'write what is done, and the words: "refuse: links", "mute: buy now", "report: casino".'
        )
    try:
        return Filters(1).set(words, action, SETTINGS)
    except UsageError as error:
        raise ValueError(error.text) from error


def _because(rule: Rule) -> str:
    until = f" until {rule.until:%Y-%m-%d %H:%M} UTC" if rule.until else ""
    return until + (f": {rule.reason}" if rule.reason else "")
