"""Keeping people out of a room, or silent, and letting them in. Rule: a list is changed at one place (`make_rules`,
`lift_rules`), where it is told, written down, and limited to those who may be acted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AlreadySo, AlreadyThere, NotAllowed, NotInRoom, UsageError
from teahouse.events import Invited, Kicked, RuleLifted, RuleMade, Table
from teahouse.moderation.masks import ACCOUNT, Claim, Person, is_address, is_mask, matches
from teahouse.moderation.ranks import Standing, check_kick, stands_above
from teahouse.moderation.rules import Rule, Rules
from teahouse.moderation.targets import Target, how_long_and_why, target
from teahouse.rooms.roles import Roles, Someone
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User

AN_ADDRESS = "an address"
"""Shown in place of a mask that says where people connect from, to all but moderators."""
DONE = {"bans": "ban", "mutes": "mute", "exempt": "exempt", "invited": "invite"}
UNDONE = {"bans": "unban", "mutes": "unmute", "exempt": "unexempt", "invited": "uninvite"}


class Keepers(Roles):
    """Commands of operators: kick, ban, mute, exempt, invite, and what undoes them."""

    # ---- out at once ---------------------------------------------------------------------------------------

    @command(role="operator")
    def kick(self, session: Session, nick: str, reason: Rest = "") -> None:
        """Put someone out of this room, on all devices. They can come back: /ban keeps them out."""
        user = self.server.present(nick)
        if user not in self.members:
            raise NotInRoom(f"{user.nick} is not in this room.")
        self.put_out(session, user, reason)

    def put_out(self, session: Session, user: User, reason: str) -> None:
        """A member goes out, on all devices. Raises NotAllowed, UsageError."""
        if user is session.user:
            raise UsageError("That is you: /leave goes out of the room.")
        check_kick(self.standing(session.user), self.standing(user))
        reason = self.reason_of(session, reason)
        self.note(session, "kick", user.nick, reason=reason, user=user)
        self.dismiss(user, reason, Kicked(session.user.nick, user.nick, reason))

    # ---- lists ---------------------------------------------------------------------------------------------

    @command(role="operator")
    async def ban(self, session: Session, who: str, time_and_reason: Rest = "") -> None:
        """Keep someone out of this room: /ban troll 10m spam
        Who is a nick, an account's name, or a mask (troll*, *!*@*.7hd2k3xq.ip, account:ann); moderators may name
        an address or a network. A nick means all that its owner could come back as. Without a time it holds until
        /unban; a time is 90s, 10m, 2h or 1w."""
        made = await self.make_rules(session, self.policy.bans, who, time_and_reason)
        self._put_out_banned(session, made)
        await self.keep()

    @command(role="operator")
    async def unban(self, session: Session, who: str) -> None:
        """Let someone in again: a mask, or the nick that was banned."""
        await self.lift_rules(session, self.policy.bans, who)

    @command(role="operator")
    def bans(self, session: Session) -> None:
        """List who is banned from this room."""
        self._show(session, self.policy.bans, "Banned from")

    @command(role="operator")
    async def mute(self, session: Session, who: str, time_and_reason: Rest = "") -> None:
        """Have someone only listen in this room: /mute troll 10m spam
        Who and how long are said as in /ban. A voice goes with it."""
        await self.make_rules(session, self.policy.mutes, who, time_and_reason)
        await self.keep()

    @command(role="operator")
    async def unmute(self, session: Session, who: str) -> None:
        """Let someone talk again: a mask, or the nick that was muted."""
        await self.lift_rules(session, self.policy.mutes, who)

    @command(role="operator")
    def mutes(self, session: Session) -> None:
        """List who may only listen in this room."""
        self._show(session, self.policy.mutes, "Muted in")

    @command(role="operator")
    async def exempt(self, session: Session, who: str = "", time_and_reason: Rest = "") -> None:
        """Say about whom no ban and no mute of this room is, or list them.
        For those who share an address with someone who is banned."""
        if not who:
            self._show(session, self.policy.exempt, "Exempt in")
            return
        await self.make_rules(session, self.policy.exempt, who, time_and_reason)
        await self.keep()

    @command(role="operator")
    async def unexempt(self, session: Session, who: str) -> None:
        """Let bans and mutes be about someone again."""
        await self.lift_rules(session, self.policy.exempt, who)

    @command
    async def invite(self, session: Session, who: str = "", time_and_reason: Rest = "") -> None:
        """Ask someone to come into this room, or list the standing invitations.
        An operator's invitation opens the door once within a day, past a ban too. For an account that is not here,
        or a mask, it stands until /uninvite."""
        if not who:
            self.demand(session, "operator")
            self._show(session, self.policy.invited, "Invited into")
            return
        user = self.server.users.get(fold(who))
        if user is not None:
            self.invite_user(session, user)
            return
        whom = await target(self.server, who)
        if not is_mask(who) and not whom.masks[0].startswith(ACCOUNT):
            self.server.present(who)  # says who may be meant
        self.demand(session, "operator")
        await self.make_rules(session, self.policy.invited, who, time_and_reason)
        await self.keep()

    @command(role="operator")
    async def uninvite(self, session: Session, who: str) -> None:
        """Take an invitation back."""
        user = self.server.users.get(fold(who))
        if user is not None and self.policy.uninvite(user, self.now()):
            self.note(session, "uninvite", user.nick, user=user)
            session.tell(f"{user.nick} is no longer invited.")
            return
        await self.lift_rules(session, self.policy.invited, who)

    def invite_user(self, session: Session, user: User) -> None:
        """Ask someone to come in. Raises AlreadyThere, CannotTalk, NotAllowed."""
        self.server.order.check_talk(session.user, self.now())
        if user in self.members:
            raise AlreadyThere(f"{user.nick} is in this room already.")
        opens = rank(self.role_of(session)) >= rank("operator")
        if self.policy.terms.invite_only and not opens:
            raise NotAllowed("Only operators and those above them invite people into this room.")
        if opens:
            self.policy.invite(user, self.now())
            self.note(session, "invite", user.nick, user=user)
        event = Invited(session.user.nick, user.nick, self.name)
        if user.hears(session.user.nick, session.user.account_key):
            user.tell(event)
        for each in dict.fromkeys([session.user, *self.keepers()]):
            each.tell(replace(event, room=self.key))

    # ---- making and lifting --------------------------------------------------------------------------------

    async def make_rules(self, session: Session, rules: Rules, who: str, time_and_reason: str) -> list[Rule]:
        """Put someone onto a list; to be followed by `keep`. Raises NotAllowed, UsageError, AlreadySo, TooMany."""
        time, reason = how_long_and_why(time_and_reason, self.server.limits.away_length)
        reason = self.reason_of(session, reason)
        whom = await target(self.server, who)
        self._check_address(session, whom.masks)
        by, now = session.user.nick, self.now()
        until = now + time if time is not None else None
        made = [Rule(mask, by, now, until, reason, whom.about) for mask in whom.masks]
        if all(map(rules.has, made)):
            raise AlreadySo(f"{whom.about or whom.masks[0]} is on that list already, for as long.")
        against = rules in (self.policy.bans, self.policy.mutes)
        if against and (whom.user is session.user or (not whom.user and _about(session.user, whom.masks))):
            raise UsageError("That is about yourself: say whom you mean more exactly.")
        someone = self.check_against(session, whom) if against else None
        has_role = someone is not None and self.policy.role(someone.person)
        if someone is not None and has_role:
            self.check_change(session, someone, "")
        rules.add(*made)
        self.policy.changed()
        if someone is not None and has_role:
            self.change_role(session, someone, "")
        shown = tuple(mask for mask in whom.masks if not is_address(mask))
        self._tell(session, RuleMade(by, rules.name, shown, whom.about, reason, until), whom.user)
        detail = " ".join([*whom.masks, f"until {until:%Y-%m-%d %H:%M} UTC" if until else ""]).strip()
        about = whom.about or whom.masks[0]
        self.note(session, DONE[rules.name], about, reason=reason, detail=detail, user=whom.user)
        return made

    async def lift_rules(self, session: Session, rules: Rules, who: str) -> None:
        """Take someone off a list: by a mask, or by the nick it was made for. Raises NotFound, NotAllowed."""
        whom = await target(self.server, who)
        self._check_address(session, whom.masks)
        lifted = rules.lift(who, self.now(), whom.masks)
        self.policy.changed()
        masks = tuple(each.mask for each in lifted)
        shown = tuple(mask for mask in masks if not is_address(mask))
        about = "" if is_mask(who) else whom.about
        self._tell(session, RuleLifted(session.user.nick, rules.name, shown, about), whom.user)
        self.note(session, UNDONE[rules.name], about or masks[0], detail=" ".join(masks), user=whom.user)
        await self.keep()

    def rules_seen_by(self, session: Session, rules: Rules) -> list[Rule]:
        """Those of a list that hold; where people connect from is shown to moderators only."""
        found = rules.holding(self.now())
        if rank(session.user.role) >= rank("moderator"):
            return found
        return [replace(each, mask=AN_ADDRESS) if is_address(each.mask) else each for each in found]

    def _check_address(self, session: Session, masks: Iterable[str]) -> None:
        """Else whoever makes a room could find out where people connect from."""
        if rank(session.user.role) < rank("moderator") and any(map(is_address, masks)):
            raise NotAllowed(
                "Only moderators name addresses. Name the nick: that is about where they connect from, too."
            )

    def check_against(self, session: Session, whom: Target) -> Someone | None:
        """Who is meant, if it is one person and not whoever a mask is about. Raises NotAllowed if that one may not
        be acted on."""
        mask = whom.masks[0]
        if whom.user is not None:
            someone, role = Someone(whom.user.nick, whom.user, whom.user), self.role_of_user(whom.user)
        elif mask.startswith(ACCOUNT) and "*" not in mask and "?" not in mask:
            key = mask.removeprefix(ACCOUNT)
            user = self.server.user_of(key)
            person: Person = user or Claim(key, "", (), (), key)
            someone = Someone(whom.about or key, person, user)
            role = self.role_of_user(user) if user is not None else self.policy.role(person) or "member"
        else:
            return None
        whose = Standing(someone.nick, role, self.policy.is_founder(someone.person))
        check_kick(self.standing(session.user), whose)
        return someone

    def _put_out_banned(self, session: Session, made: list[Rule]) -> None:
        """Those who are here and may be acted on go out."""
        masks, now = [each.mask for each in made], self.now()
        above = self.standing(session.user)
        for user in list(self.members):
            if not _about(user, masks) or self.policy.exempt.about(user, now) is not None:
                continue
            if stands_above(above, self.standing(user)) and user is not session.user:
                self.dismiss(user, made[0].reason, Kicked(above.nick, user.nick, made[0].reason))

    def _tell(self, session: Session, event: RuleMade | RuleLifted, user: User | None) -> None:
        if user is not None and user in self.members:
            self.announce(event, user, session.user)
        else:
            self.broadcast(event)

    def _show(self, session: Session, rules: Rules, title: str) -> None:
        rows = tuple(_row(each) for each in self.rules_seen_by(session, rules))
        columns = ("who", "mask", "by", "since", "until", "reason")
        session.tell(Table(f"{title} {self.name}: {len(rows)}", columns, rows))


def _about(person: Person, masks: Iterable[str]) -> bool:
    return any(matches(mask, person) for mask in masks)


def _row(rule: Rule) -> tuple[str, ...]:
    until = f"{rule.until:%Y-%m-%d %H:%M}" if rule.until else "lifted"
    return rule.about, rule.mask, rule.by, f"{rule.at:%Y-%m-%d %H:%M}", until, rule.reason
