"""The other side of SASL: a client of SCRAM's own making, and a house to log in to. Rule: nothing of the house's own
SASL is used for what the client computes.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import Deferred

from house import QUIET, House
from teahouse import sasl
from teahouse.sasl import Challenge, Done, Exchange, Peer
from teahouse.settings import Settings
from teahouse.store import Account, Store

GOOD = "two lumps, please"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
SCRAMS = ("SCRAM-SHA-256", "SCRAM-SHA-512")


class Front:
    """A house, and what a protocol does there for clients."""

    def __init__(self, settings: Settings = QUIET, *, store: Store | None = None) -> None:
        self.house = House(settings, store=store)
        self.accounts = self.house.server.accounts

    def start(self, task: Coroutine[Any, Any, Any]) -> list[Any]:
        """Begin; the answer will stand in the list, or the error."""
        got: list[Any] = []
        deferred: Deferred[Any] = Deferred.fromCoroutine(task)
        deferred.addCallbacks(got.append, lambda failure: got.append(failure.value))
        return got

    def ask(self, task: Coroutine[Any, Any, Any]) -> Any:
        """The answer."""
        got = self.start(task)
        self.house.pump()
        if isinstance(got[0], BaseException):
            raise got[0]
        return got[0]

    def register(self, name: str = "amy", password: str = GOOD) -> Account:
        """A new account."""
        account: Account = self.ask(self.accounts.register(name, password, HOME))
        return account

    def kept(self, name: str = "amy") -> Account:
        """What the store has of an account."""
        account = self.ask(_awaited(self.house.store.account(name)))
        assert isinstance(account, Account)
        return account

    def save(self, account: Account) -> None:
        """As a keeper does it from outside."""
        self.ask(_awaited(self.house.store.save_account(account)))

    def begin(
        self, mechanism: str, *, address: str = ELSEWHERE, certificate: str = "", nick: str = ""
    ) -> Exchange:
        """A new exchange."""
        return sasl.begin(mechanism, self.accounts, Peer(address, certificate, nick))

    def say(self, exchange: Exchange, data: bytes | str) -> bytes:
        """One step that is answered with a challenge."""
        step = self.ask(exchange.step(data.encode() if isinstance(data, str) else data))
        assert isinstance(step, Challenge)
        return step.data

    def end(self, exchange: Exchange, data: bytes | str) -> Account:
        """The last step."""
        step = self.ask(exchange.step(data.encode() if isinstance(data, str) else data))
        assert isinstance(step, Done)
        return step.account

    def scram(self, mechanism: str, name: str, password: str, **options: Any) -> Account:
        """A whole login; the client has made sure of the house."""
        client = ScramClient(mechanism, name, password)
        exchange = self.begin(mechanism, **options)
        answer = client.final(self.say(exchange, client.first()))
        client.check(self.say(exchange, answer))
        return self.end(exchange, b"")

    def plain(self, name: str, password: str, identity: str = "", **options: Any) -> Account:
        """A whole login."""
        return self.end(self.begin("PLAIN", **options), f"{identity}\0{name}\0{password}")

    def external(self, certificate: str, identity: str = "", **options: Any) -> Account:
        """A whole login."""
        return self.end(self.begin("EXTERNAL", certificate=certificate, **options), identity)


class ScramClient:
    """RFC 5802 from the client's side."""

    def __init__(
        self, mechanism: str, name: str, password: str, *, nonce: str = "cnonce", header: str = "n,,"
    ) -> None:
        self.hash = mechanism.removeprefix("SCRAM-").replace("-", "").lower()
        self.password = password.encode()
        self.nonce = nonce
        self.header = header
        self.bare = f"n={name.replace('=', '=3D').replace(',', '=2C')},r={nonce}"
        self.iterations = 0
        self.salt = self.signature = b""

    def first(self) -> str:
        """The client's first message."""
        return self.header + self.bare

    def final(self, challenge: bytes) -> str:
        """The client's last one of interest."""
        text = challenge.decode()
        both, salt, iterations = (part.partition("=")[2] for part in text.split(","))
        assert both.startswith(self.nonce)
        assert len(both) >= len(self.nonce) + 18
        self.salt, self.iterations = b64decode(salt), int(iterations)
        without = f"c={b64encode(self.header.encode()).decode()},r={both}"
        return f"{without},p={self._proof(f'{self.bare},{text},{without}'.encode())}"

    def _proof(self, message: bytes) -> str:
        salted = hashlib.pbkdf2_hmac(self.hash, self.password, self.salt, self.iterations)
        client = hmac.digest(salted, b"Client Key", self.hash)
        stored = hashlib.new(self.hash, client).digest()
        signature = hmac.digest(stored, message, self.hash)
        self.signature = hmac.digest(hmac.digest(salted, b"Server Key", self.hash), message, self.hash)
        return b64encode(bytes(a ^ b for a, b in zip(client, signature, strict=True))).decode()

    def check(self, answer: bytes) -> None:
        """Whether it is the house that knows the account."""
        assert answer == b"v=" + b64encode(self.signature)


async def _awaited(awaitable: Any) -> Any:
    return await awaitable
