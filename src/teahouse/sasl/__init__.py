"""SASL (RFC 4422): proving who one is in steps, for every protocol that carries them. Rule: no bytes are read or sent
here; a protocol hands in what the client said and hands on what comes out.
"""

from teahouse.sasl.exchange import Challenge, Done, Exchange, Peer, Step
from teahouse.sasl.mechanisms import begin, offered

__all__ = ["Challenge", "Done", "Exchange", "Peer", "Step", "begin", "offered"]
