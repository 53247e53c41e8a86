"""Identities that last: keeping them, proving to be of one, being here with one. Rule: what proves it is kept as a
hash, and no answer and no time it takes tells whether there is such an account.
"""

from teahouse.accounts.accounts import Accounts

__all__ = ["Accounts"]
