"""Files that people put into the house, to show them to others by a link. Rule: what a stranger sends is bounded
while it is coming, touches the disk in a thread of its own, and is nothing before it is whole.
"""

from teahouse.uploads.uploads import Uploads

__all__ = ["Uploads"]
