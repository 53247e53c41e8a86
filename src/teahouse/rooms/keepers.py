"""Keeping people out of a room, or silent, and letting them in. Rule: commands only; lists are changed in `lists.py`,
and who may act on whom stands in `moderation/ranks.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.commands import Rest, command, rank
from teahouse.errors import AlreadyThere, NotAllowed, NotInRoom, UsageError
from teahouse.events import Invited, Kicked
from teahouse.moderation.masks import ACCOUNT, is_mask
from teahouse.moderation.ranks import check_kick, stands_above
from teahouse.moderation.rules import Rule
from teahouse.moderation.targets import target
from teahouse.rooms.lists import Lists, is_about
from teahouse.text import fold

if TYPE_CHECKING:
    from teahouse.session import Session
    from teahouse.user import User


class Keepers(Lists):
    """Commands of operators: kick, ban, mute, exempt, invite, and what undoes them."""

    theme = "Keeping this room"

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
        self.demand(session, "operator")
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
        self.show_rules(session, self.policy.bans, "Banned from")

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
        self.show_rules(session, self.policy.mutes, "Muted in")

    @command(role="operator")
    async def exempt(self, session: Session, who: str = "", time_and_reason: Rest = "") -> None:
        """Say about whom no ban and no mute of this room is, or list them.
        For those who share an address with someone who is banned."""
        if not who:
            self.show_rules(session, self.policy.exempt, "Exempt in")
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
            self.show_rules(session, self.policy.invited, "Invited into")
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
        if user in self.members and self.shows_to(session, user):
            raise AlreadyThere(f"{user.nick} is in this room already.")
        opens = rank(self.role_of(session)) >= rank("operator")
        if self.policy.terms.invite_only and not opens:
            raise NotAllowed("Only operators and those above them invite people into this room.")
        if opens:
            self.policy.invite(user, self.now())
            self.note(session, "invite", user.nick, user=user)
        event = Invited(session.user.nick, user.nick, self.name)
        if user not in self.members and user.hears(session.user.nick, session.user.account_key):
            user.tell(event)
        for each in dict.fromkeys([session.user, *self.keepers()]):
            each.tell(replace(event, room=self.key))

    def _put_out_banned(self, session: Session, made: list[Rule]) -> None:
        """Those who are here and may be acted on go out."""
        masks, now = [each.mask for each in made], self.now()
        above = self.standing(session.user)
        for user in list(self.members):
            if not is_about(user, masks) or self.policy.exempt.about(user, now) is not None:
                continue
            if stands_above(above, self.standing(user)) and user is not session.user:
                self.dismiss(user, made[0].reason, Kicked(above.nick, user.nick, made[0].reason))
