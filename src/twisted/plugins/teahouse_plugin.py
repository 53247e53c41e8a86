"""Lets `twistd` find the house: `twistd -n teahouse`."""

from twisted.application.service import ServiceMaker

house = ServiceMaker(  # type: ignore[no-untyped-call]  # Twisted's gap
    "Teahouse", "teahouse.tap", "A chat house.", "teahouse"
)
