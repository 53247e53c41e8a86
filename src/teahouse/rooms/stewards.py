"""What those do who keep the whole house. Rule: as in `keepers.py`, but for every room at once."""

from __future__ import annotations

from teahouse.rooms.account import AccountHolder


class Stewards(AccountHolder):
    """Commands of moderators and admins, and the way to call them."""
