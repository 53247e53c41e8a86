"""What a keeper can set, as typed values with their defaults. Rule: no reading of files here (`config/` does
that), and no default stands anywhere else: the example configuration is made from these lines and tested to
equal them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from teahouse.limits import Limits, key
from teahouse.moderation.terms import NAMES, Terms
from teahouse.text import fold

BANNER = """\
Welcome to {name}.
Use "login <nick>" to come in, "help" to see what else there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """[house]: its name, what it says at the door, and who may do what."""

    name: str = key("Teahouse", "The house's name, shown on connecting.")
    banner: str = key(BANNER, "Shown on connecting; {name} is the house's name.")
    motd: str = key("", "Message of the day, shown after login and by /motd.")
    hint: str = key(
        "What you type is said to everyone here. /help lists commands, /quit leaves.",
        "Shown to guests in the lobby, on telnet and the like.",
    )
    password: str = key("", "Asked for at the door when set: one password for all who know the house.")
    lobby: str = key("lobby", "The room in which everyone stands after login.")
    guests: bool = key(True, "Whether people without an account may come in.")
    lockdown: bool = key(False, "Whether, at the start, only people with an account come in.", restart=True)
    filters: list[str] = key(
        [],
        'Words that are not taken anywhere: "refuse: links", "mute: buy now", "report: casino"; see /housefilter.',
    )
    registration: bool = key(True, "Whether people may register an account by themselves.")
    rooms_on_demand: bool = key(True, "Whether /join makes a room that is not there yet.")
    history_lines: int = key(20, "Lines said before that a newcomer to a room is shown; 0: none.")
    keep_days: int = key(0, "Days that what is said in a room is kept; 0: for ever.")
    keep_lines: int = key(0, "Lines of a room that are kept, the last ones; 0: all.")
    ascii_nicks: bool = key(False, "Whether nicks have only the letters A to Z.")
    reserved_nicks: list[str] = key(
        [
            "admin",
            "administrator",
            "root",
            "server",
            "system",
            "operator",
            "moderator",
            "house",
            "chanserv",
            "nickserv",
        ],
        "Nicks that nobody may take, nor any that look like them; the house's name is another.",
    )

    @property
    def own_nicks(self) -> tuple[str, ...]:
        """Nicks that are the house's own: in its name it tells of what it does by itself."""
        return (*self.reserved_nicks, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings(Terms):
    """[rooms.NAME]: a room that is always there, and the terms it begins with."""

    operators: list[str] = key(
        [], "Accounts that keep order here, beside those who are given that role later."
    )
    class_: str = key("", 'What kind of room: "module:Class" of an extension; empty: an ordinary one.')
    topic: str = key("", "Its topic at the start.")
    history: bool = key(True, "Whether what is said here is kept.")
    keep_days: int = key(-1, "Days that what is said here is kept; 0: for ever, -1: as [house] says.")
    keep_lines: int = key(-1, "Lines that are kept, the last ones; 0: all, -1: as [house] says.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """[listen]: ports on localhost, or Twisted endpoints. What a file with this table does not name is closed."""

    telnet: list[str] = key(
        ["4242"], 'Telnet and MUD clients; telnet over TLS is an "ssl:" endpoint.', restart=True
    )
    irc: list[str] = key(
        ["6667"], 'IRC clients; IRC over TLS is an "ssl:" endpoint, by custom on 6697.', restart=True
    )
    web: list[str] = key(
        ["8080"],
        "Browsers: the web client, what extensions offer there, and IRC over a WebSocket at /irc.",
        restart=True,
    )
    metrics: list[str] = key(
        [], "/metrics and /healthz alone, for whoever reaches it: keep it to your own network.", restart=True
    )
    line: list[str] = key(
        [], "Plain TCP and scripts (nc): the same without negotiation, nothing but text.", restart=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Irc:
    """[irc]: how the house looks to IRC clients."""

    server: str = key("teahouse.local", "The server's name in IRC: has a dot, and no space.", restart=True)
    network: str = key("", "The network's name, one word; empty: the house's.")
    description: str = key("", "What WHOIS and LINKS say of the server; empty: the house's name.")
    admin_name: str = key(
        "", "Who keeps the house, as ADMIN tells it; empty, as the next two: nothing is told."
    )
    admin_place: str = key("", "The second line of ADMIN: where that is, or who else.")
    admin_email: str = key("", "How to reach them.")
    operator_password: str = key(
        "",
        "With it OPER makes anyone an admin, under any name that is no account's: for tests and first steps. Empty: "
        "OPER takes accounts only.",
    )
    register_before_connect: bool = key(
        True, "Whether REGISTER makes an account before one has come in (where the house has no password)."
    )
    utf8only: bool = key(True, "Whether only UTF-8 is taken, and clients are told so.", restart=True)
    webirc: list[str] = key(
        [],
        'Gateways that may say for whom they connect (WEBIRC): "192.0.2.1 password", an address or a network.',
    )
    sts: bool = key(
        False, "Whether clients are told to come over TLS from now on (where IRC listens for it)."
    )
    sts_port: int = key(6697, "The port of IRC over TLS, as seen from outside.")
    sts_days: int = key(0, "Days that a client remembers to come over TLS; 0: it forgets at once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """[web]: the web site, where it is more than what [listen] says."""

    url: str = key(
        "",
        'Its address as people reach it: "https://tea.example". Empty: known on this machine alone.',
    )
    origins: list[str] = key(
        [], 'Other sites whose pages may connect here: "https://tea.example"; "*" is any. Its own always may.'
    )
    status: bool = key(
        True, "Whether everyone may see at /status how the house is doing: numbers, and rooms.", restart=True
    )
    admin: bool = key(
        True, "Whether moderators find their page at /admin: reports, audit log, bans, rooms.", restart=True
    )
    metrics: bool = key(True, "Whether Prometheus finds its numbers at /metrics.", restart=True)
    metrics_to: list[str] = key(
        ["127.0.0.0/8", "::1/128"], "Networks from which they may be asked for there; others are refused."
    )
    hooks_to_private: bool = key(
        False, "Whether webhooks may be sent to this machine and to private networks; else none is."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """[push]: notifications to devices whose client does not run, by the push services of those who make them."""

    on: bool = key(True, "Whether there are notifications; never where [data] keeps nothing.", restart=True)
    contact: str = key(
        "",
        'How push services reach whoever keeps the house: "mailto:…" or "https://…". Some take nothing without.',
    )
    delay_seconds: int = key(3, "What is read on some device within this time is not notified of.")
    to_private: bool = key(
        False, "Whether they may be sent to this machine and to private networks, and by http; else none is."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """[uploads]: files that people show to others by a link. There are none without a data directory."""

    role: str = key(
        "member", 'Who may upload: "member" (anyone with an account), "moderator", "admin" or "nobody".'
    )
    kinds: list[str] = key(["*/*"], 'Kinds that are taken: "image/*", "text/plain"; "*/*" is any.')
    keep_days: int = key(30, "Days that a file is kept; 0: for ever.")
    file_bytes: int = key(10_485_760, "Bytes of one file.")
    account_bytes: int = key(104_857_600, "Bytes of all files of one account.")
    house_bytes: int = key(1_073_741_824, "Bytes of all files in the house.")
    free_bytes: int = key(268_435_456, "Bytes that stay free on the disk.")
    files_per_hour: int = key(30, "Files that one account may upload within an hour.")
    at_once: int = key(8, "Uploads at once, of everyone.")
    at_once_per_account: int = key(2, "Uploads at once, of one account.")
    seconds: int = key(300, "How long one upload may take.", restart=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """[proxy]: proxies before the house, which say for whom they connect."""

    trusted: list[str] = key(
        [],
        'Their networks. They say it in a PROXY header where "proxy:6667" or "proxy:tcp:…" listens, or on the web in '
        "X-Forwarded-For.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """[data]: what the house keeps over its end: accounts, what was said, how far people have read."""

    directory: str = key(
        "", 'Where it is kept; empty: the platform\'s place for it, ":memory:": nowhere.', restart=True
    )
    durability: str = key(
        "power",
        'What is shown survives "power" (a power cut), "process" (the end of the process), or "none" for sure.',
        restart=True,
    )
    most_megabytes: int = key(
        4_096,
        "Megabytes that it may have in use; then the oldest lines go, of those rooms and accounts that have most; "
        "0: no bound.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """[log]: what is written down of the running of the house; never what people say or their passwords."""

    format: str = key(
        "text", 'How: "text" for people, "json" for programs (one object a line).', restart=True
    )
    level: str = key("info", '"debug", "info", "warn" or "error".')
    file: str = key("", "A file to append to; empty: standard error, or twistd's log.", restart=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of it."""

    house: House = field(default_factory=House)
    listen: Listen = field(default_factory=Listen)
    limits: Limits = field(default_factory=Limits)
    irc: Irc = field(default_factory=Irc)
    web: Web = field(default_factory=Web)
    push: Push = field(default_factory=Push)
    uploads: Uploads = field(default_factory=Uploads)
    proxy: Proxy = field(default_factory=Proxy)
    data: Data = field(default_factory=Data)
    log: Log = field(default_factory=Log)
    test_mode: bool = key(
        False, "For test suites: passwords are hashed with next to no work. Never for people.", restart=True
    )
    extensions: list[str] = key([], "Extensions to load: names of Python modules, or files that end in .py.")
    entry: str = key(
        "", "An extension whose first room greets each new connection; empty: the login.", restart=True
    )
    rooms: dict[str, RoomSettings] = field(default_factory=dict)

    @property
    def gateways(self) -> list[str]:
        """Networks from which others connect for people: none of them is one person."""
        return [*self.proxy.trusted, *(each.partition(" ")[0] for each in self.irc.webirc)]

    def of_room(self, room: str) -> RoomSettings:
        """What is set for a room (by its key)."""
        return next((each for name, each in self.rooms.items() if fold(name) == room), RoomSettings())

    def names_room(self, room: str) -> bool:
        """Whether a room (by its key) is one that the configuration names."""
        return room == fold(self.house.lobby) or any(fold(name) == room for name in self.rooms)

    def terms_of(self, room: str) -> Terms:
        """The terms that a room begins with."""
        own = self.of_room(room)
        return Terms(**{name: getattr(own, name) for name in NAMES})

    def kept_in(self, room: str) -> tuple[int, int]:
        """How many days and how many lines are kept in a room (by its key); 0: all there are."""
        own = self.of_room(room)
        days, lines = own.keep_days, own.keep_lines
        return self.house.keep_days if days < 0 else days, self.house.keep_lines if lines < 0 else lines
