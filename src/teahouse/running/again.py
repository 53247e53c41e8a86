"""The configuration read again, for a house that runs as a process. Rule: everything that could be wrong is found out
before anything is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.config import ConfigError
from teahouse.errors import BadConfiguration
from teahouse.running.logs import LineObserver, LogError

if TYPE_CHECKING:
    from teahouse.config.choosing import Choice
    from teahouse.running.certificates import Certificates
    from teahouse.service import TeahouseService
    from teahouse.settings import Settings


class Again:
    """Reads file and certificates for a service, gives the log its level, and opens its file anew."""

    def __init__(self, choice: Choice, service: TeahouseService, observer: LineObserver | None) -> None:
        self._choice = choice
        self._service = service
        self._observer = observer
        self._renewed: list[tuple[Certificates, Any]] = []
        service.server.reconfiguring.read = self.read
        service.server.reconfiguring.taken.append(self.take)

    def read(self) -> Settings:
        """See `Reconfiguring.read`."""
        try:
            choice = self._choice.again()
        except ConfigError as error:
            raise BadConfiguration(error.problems) from error
        problems = []
        self._renewed.clear()
        for protocol, text, certificates in self._service.certificates:
            try:
                self._renewed.append((certificates, certificates.renewed()))
            except Exception as error:  # noqa: BLE001  OpenSSL raises what it likes, and the house goes on
                problems.append(f'the certificate of {protocol} at "{text}" cannot be used: {_reason(error)}')
        if problems:
            raise BadConfiguration(problems)
        return self._service.with_installed(choice.settings)

    def take(self, settings: Settings) -> None:
        """See `Reconfiguring.taken`."""
        for certificates, options in self._renewed:
            certificates.take(options)
        self._renewed.clear()
        if self._observer is not None:
            self._observer.set_level(settings.log.level)
            self._reopen(self._observer)

    def _reopen(self, observer: LineObserver) -> None:
        try:
            observer.reopen()
        except LogError as error:
            self._service.server.runtime.log.error("{error}; the old one goes on", error=error)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}."
    return f"{type(error).__name__}: {error}."
