"""What can go wrong in a command. Rule: handlers raise these, and `Session` alone turns them into a reply.

The text is shown to the person who asked, so it says what to do; `code` is stable, for programs and protocols.
"""

from __future__ import annotations

from typing import ClassVar


class ChatError(Exception):
    """A command could not be done, and the one who asked is told why."""

    code: ClassVar[str] = "failed"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class UsageError(ChatError):
    """The words after a command are not what its declaration asks for."""

    code = "usage"


class UnknownCommand(ChatError):
    """The room has no such command."""

    code = "unknown-command"


class BadConfiguration(ChatError):
    """The configuration cannot be taken as it is written: a sentence for each fault, with file, line and key."""

    code = "bad-configuration"

    def __init__(self, problems: list[str]) -> None:
        count = f"{len(problems)} errors" if len(problems) > 1 else "an error"
        super().__init__(f"The configuration has {count}: the house goes on as it was.")
        self.problems = problems


class NotAllowed(ChatError):
    """The command needs a role that the user does not have here."""

    code = "not-allowed"


class NotFound(ChatError):
    """There is nothing of that name."""

    code = "not-found"


class NoSuchRoom(ChatError):
    """There is no room of that name, and it cannot be made."""

    code = "no-such-room"


class NoSuchNick(ChatError):
    """Nobody of that name is in the house."""

    code = "no-such-nick"


class NickInUse(ChatError):
    """The nick, or one that looks like it, belongs to somebody else."""

    code = "nick-in-use"


class BadName(ChatError):
    """A nick or a room name breaks the rules for names."""

    code = "bad-name"


class RoomNameInUse(ChatError):
    """Another room has that name already."""

    code = "room-name-in-use"


class CannotRename(ChatError):
    """The room keeps the name that it has, or cannot have that one."""

    code = "cannot-rename"


class NotInRoom(ChatError):
    """The user is not in the room that the command is about."""

    code = "not-in-room"


class TooMany(ChatError):
    """A list of bounded length (rooms, ignores) is full."""

    code = "too-many"


class TooLong(ChatError):
    """A line or a field is longer than the house takes."""

    code = "too-long"


class TooLarge(ChatError):
    """A file has more bytes than the house takes."""

    code = "too-large"


class NoSpace(ChatError):
    """There is no space left: of what an account may have here, of what the house gives, or on the disk."""

    code = "no-space"


class WrongKind(ChatError):
    """Files of this kind are not taken."""

    code = "wrong-kind"


class WrongPassword(ChatError):
    """The password was not the right one."""

    code = "wrong-password"


class BadPassword(ChatError):
    """What was chosen as a password is none that the house takes."""

    code = "bad-password"


class TooFast(ChatError):
    """There were too many wrong tries: the text says in how many seconds the next one may be made."""

    code = "too-fast"


class Busy(ChatError):
    """The house has as much of this to do as it takes on: nothing was done."""

    code = "busy"


class Banned(ChatError):
    """A rule keeps the user out of the room, or out of the house."""

    code = "banned"


class InviteOnly(ChatError):
    """Only those who are invited come in."""

    code = "invite-only"


class RoomFull(ChatError):
    """As many are in the room as its keepers want."""

    code = "room-full"


class WrongRoomPassword(ChatError):
    """The room has a password, and this was not it."""

    code = "wrong-room-password"


class AccountNeeded(ChatError):
    """Only people with an account may do that here."""

    code = "account-needed"


class CannotTalk(ChatError):
    """The user may be here and listen, but not talk just now: muted, without a voice, too fast, unwanted words."""

    code = "cannot-talk"


class TooSoon(CannotTalk):
    """Their next line may be said in so many seconds."""

    def __init__(self, text: str, seconds: int) -> None:
        super().__init__(text)
        self.seconds = seconds


class TooLate(ChatError):
    """What someone has said can be changed for so many minutes, and these are over."""

    code = "too-late"


class AlreadyThere(ChatError):
    """The one who is meant is in the room already."""

    code = "already-there"


class AlreadySo(ChatError):
    """It is that way already, and nothing was changed."""

    code = "already-so"


class NotStored(ChatError):
    """The store could not do its part."""

    code = "not-stored"


class Internal(ChatError):
    """A bug: the log has it."""

    code = "internal"


class EndSession(Exception):
    """Raised by a command to end the session; `reason` is told to the others."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
