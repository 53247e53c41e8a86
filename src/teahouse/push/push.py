"""Who is notified of what. Rule: one who has subscribed is notified of what rings the bell on a terminal (private
messages, lines with their nick) and of invitations, unless it was read on some device within a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from teahouse.errors import AccountNeeded, Busy, ChatError, NotAllowed, TooFast, UsageError
from teahouse.events import Deleted, Edited, Emoted, Event, Invited, Marked, Said, Whispered
from teahouse.limits import Bucket
from teahouse.push import subscriptions
from teahouse.push.encryption import to_text
from teahouse.push.keys import Keys, fresh
from teahouse.push.sending import AT_ONCE, PushMessage, Sending
from teahouse.push.subscriptions import SETTING, Subscription, subscriptions_of
from teahouse.push.unread import UnreadPlaces
from teahouse.runtime import Post
from teahouse.store import Account, StoreError
from teahouse.text import fold
from teahouse.user import User

if TYPE_CHECKING:
    from teahouse.server import Server

KEY = "push key"
"""The name under which the private key is kept."""
RATE, BURST = 0.5, 20
"""Messages of one account a second, as time goes by, and at once; those over it are not notified of."""
OFF = "This house sends nothing to push services."
FAILED = "The push service does not take messages for that address."
Payload = Callable[["Server", Subscription, str, Event | None], bytes]
"""An event in the words of a protocol, for a subscription of one who goes by that nick; b"" for what it does not
notify of. For None: that the subscription works."""


class Push:
    """The subscriptions of a house, and what is sent to them. Nothing is before `open`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._accounts: set[str] = set()
        self._buckets: dict[str, Bucket] = {}
        self._unread = UnreadPlaces()
        self._pending: dict[int, dict[str, Event]] = {}
        """What waits for somebody to read it, by its id, as each account (key) is going to be told of it."""
        self._greeting: set[str] = set()
        self._payloads: Mapping[str, Payload] = {}
        self._keys: Keys | None = None
        self._sending: Sending | None = None
        self._ear = User(server.runtime.now())
        self._ear.listener = self

    def open(self, post: Post, payloads: Mapping[str, Payload]) -> None:
        """From now on notifications go out: sent by this, in the words of these protocols."""
        if not self._server.settings.push.on:
            return
        self._payloads = payloads
        self._keys = Keys(self._kept_key())
        self._sending = Sending(self._server, self._keys, post, self._forget)

    def _kept_key(self) -> str:
        kept = self._server.store.document(KEY)
        if isinstance(kept, str):
            return kept
        made = fresh()
        self._server.runtime.spawn(self._keep_key(made))
        return made

    async def _keep_key(self, made: str) -> None:
        try:
            await self._server.store.save_document(KEY, made)
        except StoreError as error:
            self._server.runtime.log.error("the key for push services is not kept: {error}", error=error)

    @property
    def key(self) -> str:
        """The house's public key (VAPID), as clients want it; "" where nothing is sent."""
        return self._keys.public if self._keys is not None else ""

    # ---- who has subscribed --------------------------------------------------------------------------------

    def note(self, account: Account) -> None:
        """An account is as it is now: whether it has subscriptions."""
        if account.settings.get(SETTING) and not account.suspended and self._sending is not None:
            self._accounts.add(account.key)
        else:
            self._accounts.discard(account.key)
        self._server.fanout.ears = (self._ear,) if self._accounts else ()

    async def subscribe(self, user: User, subscription: Subscription) -> None:
        """Notify this device of the user's account from now on; the first message, that this works, is sent at once.
        Who is notified stays in the house (`Account.always_on`). Raises AccountNeeded, UsageError, NotAllowed,
        TooFast, Busy, ChatError."""
        sending, account = self._sending, user.account
        if sending is None:
            raise NotAllowed(OFF)
        if account is None:
            raise AccountNeeded("Notifications are for those who have an account: /register makes one.")
        subscriptions.checked(subscription, plain=self._server.settings.push.to_private)
        if subscription in subscriptions_of(account):
            return
        if not self._bucket(account.key).take(self._server.runtime.now(), RATE, BURST):
            raise TooFast("Not so fast: try that again in a minute.")
        await self._greet(sending, account, user.nick, subscription)
        most = self._server.limits.push_subscriptions
        change = partial(subscriptions.with_one, subscription=subscription, most=most)
        await self._server.accounts.edit(account, change)
        self._server.presence.moved(user)

    async def _greet(self, sending: Sending, account: Account, nick: str, to: Subscription) -> None:
        if account.key in self._greeting or len(self._greeting) >= AT_ONCE:
            raise Busy("Many ask for that just now: try again in a minute.")
        payload = self._payloads[to.kind](self._server, to, nick, None)
        self._greeting.add(account.key)
        try:
            status = await sending.send(PushMessage(account=account.key, subscription=to, payload=payload))
        finally:
            self._greeting.discard(account.key)
        if not 200 <= status < 300:
            raise UsageError(FAILED)

    async def unsubscribe(self, user: User, endpoint: str) -> None:
        """Notify the device with this address no more, if it was. Raises ChatError."""
        account = user.account
        if account is not None and any(each.endpoint == endpoint for each in subscriptions_of(account)):
            await self._forget_of(account, endpoint)

    async def _forget_of(self, account: Account, endpoint: str) -> None:
        await self._server.accounts.edit(account, lambda kept: subscriptions.without(kept, endpoint))

    async def _forget(self, key: str, endpoint: str) -> None:
        """See `Forget`."""
        try:
            account = await self._server.store.account(key)
            if account is not None:
                await self._forget_of(account, endpoint)
        except (ChatError, StoreError) as error:
            self._server.runtime.log.warn("a push subscription is not removed: {error}", error=error)

    def _bucket(self, key: str) -> Bucket:
        return self._buckets.setdefault(key, Bucket(BURST, self._server.runtime.now()))

    # ---- what they are notified of -------------------------------------------------------------------------

    def told(self, event: Event) -> None:
        """See `Listener.told`: nobody says anything to it alone."""

    def heard(self, event: Event) -> None:
        """See `Listener.heard`: something was said somewhere, and everyone there has been sent it."""
        if isinstance(event, (Said, Emoted)):
            for user in self._named(event):
                self._notify(user.account_key, event, event.room)
        elif isinstance(event, Whispered) and event.who != event.to:
            self._notify(self._account_of(event.to), event, f"@{fold(event.who)}")
        elif isinstance(event, Invited):
            self._notify(self._account_of(event.nick), event, f"#{fold(event.place)}")
        elif isinstance(event, Deleted):
            for id_ in event.targets:
                self._pending.pop(id_, None)
        elif isinstance(event, Edited):
            waiting = self._pending.get(event.target, {})
            for key, before in waiting.items():
                if isinstance(before, (Said, Emoted, Whispered)):
                    waiting[key] = replace(before, text=event.text)

    def _named(self, event: Said | Emoted) -> Iterator[User]:
        """The users with a subscription who are named in a line of a room that they are in. The cheapest question
        comes first: this is once for each of them and each line."""
        room, text = self._server.rooms.get(event.room), fold(event.text)
        if room is None:
            return
        users = map(self._server.user_of, self._accounts)
        near = [each for each in users if each is not None and each.key in text and each in room.members]
        yield from (each for each in near if each.nick != event.who and each.is_named_in(event.text))

    def _account_of(self, nick: str) -> str:
        """The key of the account that is meant by a nick; one who is not here is meant by the account's name."""
        user = self._server.users.get(fold(nick))
        return user.account_key if user is not None else fold(nick)

    def _notify(self, key: str, event: Event, place: str) -> None:
        runtime = self._server.runtime
        if key not in self._accounts or not self._bucket(key).take(runtime.now(), RATE, BURST):
            return
        self._unread.add(key, place, event.id)
        self._pending.setdefault(event.id, {})[key] = event
        delay = self._server.settings.push.delay_seconds
        runtime.later(delay, lambda: runtime.spawn(self._send(key, event.id, place)))

    async def _send(self, key: str, id_: int, place: str) -> None:
        """Notify the account's devices of it, as it is by now, if nobody has read it meanwhile or taken it back, and
        it is still wanted."""
        account = await self._account(key)
        event = self._no_longer_pending(key, id_)
        if account is None or event is None or not _wants(account, event):
            return
        if self._unread.has(key, place, event.id):
            self._put(account, event)

    def _no_longer_pending(self, key: str, id_: int) -> Event | None:
        waiting = self._pending.get(id_, {})
        event = waiting.pop(key, None)
        if not waiting:
            self._pending.pop(id_, None)
        return event

    async def _account(self, key: str) -> Account | None:
        """The account as it is by now, if it still has subscriptions."""
        try:
            account = await self._server.store.account(key)
        except StoreError:
            return None
        if account is None:
            self._accounts.discard(key)
            return None
        self.note(account)
        return account if key in self._accounts else None

    def read(self, user: User, place: str, id_: int) -> None:
        """A user says by a device to have read as far as that: others that were notified can take that away."""
        key = user.account_key
        if self._unread.read(key, place, id_):
            marked = Marked(id_, place[1:]) if place[:1] == "@" else Marked(id_, room=place)
            self._server.runtime.spawn(self._send_marker(key, marked, place))

    async def _send_marker(self, key: str, event: Marked, place: str) -> None:
        account = await self._account(key)
        if account is not None:
            self._put(account, event, topic=place)

    def _put(self, account: Account, event: Event, topic: str = "") -> None:
        if self._sending is None:
            return
        user = self._server.user_of(account.key)
        nick = user.nick if user is not None else account.name
        for each in subscriptions_of(account):
            payload = self._payloads[each.kind](self._server, each, nick, event)
            if payload:
                self._sending.put(
                    PushMessage(
                        account=account.key,
                        subscription=each,
                        payload=payload,
                        topic=_topic(each, topic) if topic else "",
                        urgency="normal" if topic else "high",
                    )
                )


def _wants(account: Account, event: Event) -> bool:
    """Whether an account wants to hear it, also while it is not here."""
    someone = User(0.0)
    someone.ignore(*map(str, account.settings.get("ignored", ())))
    return someone.wants(event)


def _topic(to: Subscription, place: str) -> str:
    """A name for a place that says nothing to the push service."""
    return to_text(sha256(f"{to.auth} {place}".encode()).digest())[:32]
