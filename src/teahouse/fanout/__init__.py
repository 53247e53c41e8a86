"""From what happened to what is sent. Rule: everyone gets it once, in the order in which it happened, and what a room
keeps is stored before anyone sees it.
"""

from teahouse.fanout.fanout import NODE_BITS, ORIGIN, UNHEARD, Fanout

__all__ = ["NODE_BITS", "ORIGIN", "UNHEARD", "Fanout"]
