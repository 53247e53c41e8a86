"""PLAIN (RFC 4616): the name and the password as they are. Rule: it is the same as a login by hand, guesses counted
and all.
"""

from __future__ import annotations

from teahouse.errors import TooLong, UsageError
from teahouse.sasl.exchange import Done, Exchange, Step, check_identity, check_name

PASSWORD = 1_536
"""Bytes: what two names leave of a message, and five for each character of the longest password."""
FORM = "PLAIN wants an identity (or none), NUL, a name, NUL and a password (RFC 4616)."


class Plain(Exchange):
    """One message, and that is all."""

    longest = 2_048

    async def first(self, text: str) -> Step:
        """`[authzid] NUL authcid NUL passwd`."""
        parts = text.split("\0")
        if len(parts) != 3 or not (parts[1] and parts[2]):
            raise UsageError(FORM)
        identity, name, password = parts
        check_name(identity, name)
        if len(password.encode()) > PASSWORD:
            raise TooLong(f"A password has at most {PASSWORD:,} bytes.")
        account = await self.accounts.authenticate(name, password, self.peer.address)
        check_identity(account, identity)
        return Done(account)
