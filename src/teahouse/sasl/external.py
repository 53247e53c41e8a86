"""EXTERNAL (RFC 4422 appendix A): the certificate that the client has shown below. Rule: that it holds the
certificate's key is what TLS has made sure of; whose certificate it is, only accounts say.
"""

from __future__ import annotations

from teahouse.errors import NotAllowed
from teahouse.sasl.exchange import Done, Exchange, Step, check_name

NONE = "Your client has shown no certificate: EXTERNAL needs one, on an encrypted connection."


class External(Exchange):
    """One message: the name of the account, or nothing where the certificate tells it."""

    async def first(self, text: str) -> Step:
        """`[authzid]`. Without one it is the account of the nick if the certificate is its, else the only account
        that has it."""
        check_name(text)
        if not self.peer.certificate:
            raise NotAllowed(NONE)
        nick = "" if text else self.peer.nick
        return Done(
            await self.accounts.authenticate_certificate(
                self.peer.certificate, text, self.peer.address, nick=nick
            )
        )
