"""The commands by name, for `cli.py`, which imports this when one of them is called."""

from __future__ import annotations

import click

from teahouse.keeper.accounts import account
from teahouse.keeper.audit import audit
from teahouse.keeper.carrying import export, import_
from teahouse.keeper.copies import backup

COMMANDS: dict[str, click.Command] = {
    "account": account,
    "audit": audit,
    "backup": backup,
    "export": export,
    "import": import_,
}
