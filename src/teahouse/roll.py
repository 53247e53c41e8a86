"""Who of those in the house is one of few: those who keep it, and those who do not want to be seen. Rule: counting
them looks at nobody else, so whatever gives someone another role or another wish does it here, or notes it here.
"""

from __future__ import annotations

from collections.abc import Mapping

from teahouse.commands import rank
from teahouse.events import Notice
from teahouse.user import User, Wish


class Roll:
    """The few of `users`, in the order in which they became so."""

    __slots__ = ("_users", "keepers", "lent", "unseen")

    def __init__(self, users: Mapping[str, User]) -> None:
        self._users = users
        self.keepers: dict[User, None] = {}
        self.lent: dict[User, str] = {}
        """Those who have the role of an account that is not theirs, by its password (OPER on IRC): its key."""
        self.unseen: dict[User, None] = {}

    def give_role(self, user: User, role: str) -> None:
        """A user has that role in the house from now on."""
        user.role = role
        self.note(user)

    def lend(self, user: User, role: str, account: str) -> None:
        """A user has the role of this account (by key), for as long as the account has it and they are here."""
        self.lent[user] = account
        self.give_role(user, role)

    def withdraw(self, account: str, role: str) -> None:
        """An account has no more than this role from now on: nor do those to whom it was lent."""
        for user in [
            user for user, key in self.lent.items() if key == account and rank(user.role) > rank(role)
        ]:
            del self.lent[user]
            own = user.account.role if user.account is not None else "guest"
            if own != user.role:
                self.give_role(user, own)
                user.tell(Notice(f"Your role is {own} now."))

    def note(self, user: User) -> None:
        """A user is what it is now; one who has yet to come in is noted then."""
        if self._users.get(user.key) is not user:
            return
        _keep(self.keepers, user, wanted=rank(user.role) >= rank("moderator"))
        _keep(self.unseen, user, wanted=Wish.UNSEEN in user.wishes)

    def strike(self, user: User) -> None:
        """A user is in the house no more."""
        self.keepers.pop(user, None)
        self.lent.pop(user, None)
        self.unseen.pop(user, None)


def _keep(users: dict[User, None], user: User, *, wanted: bool) -> None:
    if wanted:
        users[user] = None
    else:
        users.pop(user, None)
