"""Login by GMCP: the client has nick and password from its own settings. Rule: what it sends becomes the line that a
person would have typed, so that the door has one way in. wiki.mudlet.org, Standards:GMCP_Authentication
"""

from __future__ import annotations

from teahouse.events import Event, Failed, LoggedIn
from teahouse.protocols.telnet.codec import TelnetCodec
from teahouse.session import Session


class Credentials:
    """Char.Login on one connection."""

    __slots__ = ("_codec", "_tried")

    def __init__(self, codec: TelnetCodec) -> None:
        self._codec = codec
        self._tried = False

    def offer(self, session: Session) -> bytes:
        """What tells the client that it may log in so."""
        if session.logged_in:
            return b""
        return self._codec.gmcp("Char.Login.Default", {"type": ["password-credentials"]})

    def line(self, session: Session, package: str, data: object) -> str:
        """The line for the door; "" when the message is none of ours, or leaves the login to its user."""
        if package != "char.login.credentials" or not isinstance(data, dict) or session.logged_in:
            return ""
        account, password = (str(data.get(name, "")) for name in ("account", "password"))
        if not (account.isprintable() and password.isprintable() and account.strip()):
            return ""
        self._tried = True
        return f"connect {account.replace(' ', '')} {password}"

    def result(self, event: Event) -> bytes:
        """What tells the client how it went, if this event does."""
        if not (self._tried and isinstance(event, (LoggedIn, Failed))):
            return b""
        self._tried = False
        success = isinstance(event, LoggedIn)
        result = {"success": True} if success else {"success": False, "message": str(event)}
        return self._codec.gmcp("Char.Login.Result", result)
