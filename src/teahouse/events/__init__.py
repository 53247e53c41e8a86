"""What happened. Rule: an event is a frozen dataclass that knows no protocol, and `str(event)` is always a
decent plain line, so that a protocol which has never heard of it can still show it.

A new kind is a subclass with fields and `__str__`; it registers itself under its class name in lower case.
"""

from teahouse.events.answers import Answered, Failed, LoggedIn, Notice, Pong, Prompt, Replayed, Table
from teahouse.events.base import (
    UNSTAMPED,
    Event,
    Unknown,
    from_dict,
    kinds_of,
    register,
    sign,
    stamp,
    to_dict,
    unregister,
)
from teahouse.events.order import Invited, Kicked, Reported, RoleChanged, RuleLifted, RuleMade, TermsChanged
from teahouse.events.people import (
    AccountChanged,
    AwayChanged,
    Entered,
    HostChanged,
    Left,
    Quit,
    RealnameChanged,
    Renamed,
    Roster,
    TopicChanged,
)
from teahouse.events.words import Deleted, Edited, Emoted, Reacted, Said, Signalled, Tags, Typing, Whispered

__all__ = [
    "UNSTAMPED",
    "AccountChanged",
    "Answered",
    "AwayChanged",
    "Deleted",
    "Edited",
    "Emoted",
    "Entered",
    "Event",
    "Failed",
    "HostChanged",
    "Invited",
    "Kicked",
    "Left",
    "LoggedIn",
    "Notice",
    "Pong",
    "Prompt",
    "Quit",
    "Reacted",
    "RealnameChanged",
    "Renamed",
    "Replayed",
    "Reported",
    "RoleChanged",
    "Roster",
    "RuleLifted",
    "RuleMade",
    "Said",
    "Signalled",
    "Table",
    "Tags",
    "TermsChanged",
    "TopicChanged",
    "Typing",
    "Unknown",
    "Whispered",
    "from_dict",
    "kinds_of",
    "register",
    "sign",
    "stamp",
    "to_dict",
    "unregister",
]
