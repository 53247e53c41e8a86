"""Options and a configuration file together. Rule: what stands on the command line wins over the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from teahouse import config
from teahouse.settings import Listen, Settings

PROTOCOLS = [field.name for field in fields(Listen)]
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and how: for messages that come later."""

    settings: Settings
    path: str | None
    given: Given

    def again(self) -> Choice:
        """The same options, and the file as it is now. Raises ConfigError."""
        return choose(self.path, self.given)

    def explain(self, error: BaseException) -> str:
        """What an error says, and which line of the file it comes from, if it is about a setting there."""
        protocol, key = getattr(error, "protocol", ""), getattr(error, "key", ())
        if self.path and key and not (key == ("entry",) and self.given.get("entry")):
            return f"{config.place_of(self.path, *key)}: {'.'.join(key)}: {error}"
        if self.path and protocol and not self.given.get(protocol):
            return f"{config.place_of(self.path, 'listen', protocol)}: listen.{protocol}: {error}"
        return str(error)


def choose(path: str | None, given: Given) -> Choice:
    """The file's settings (without one, the defaults), where endpoints that are given replace those of their
    protocol; without a file, nothing else listens then. Raises ConfigError."""
    settings = config.load(path) if path else Settings()
    if given.get("entry"):
        settings = replace(settings, entry=given["entry"][0])
    if given.get("data"):
        settings = replace(settings, data=replace(settings.data, directory=given["data"][0]))
    lists = {name: list(values) for name, values in given.items() if values and name in PROTOCOLS}
    if lists:
        others = settings.listen if path else Listen(**{name: [] for name in PROTOCOLS})
        settings = replace(settings, listen=replace(others, **lists))
    if not places(settings.listen):
        raise config.ConfigError(
            [f"{path or 'options'}: the house listens nowhere: give [listen] or --telnet a place."]
        )
    return Choice(settings, path, given)


def places(listen: Listen) -> list[tuple[str, str]]:
    """Each protocol's endpoints."""
    return [(name, text) for name in PROTOCOLS for text in getattr(listen, name)]
