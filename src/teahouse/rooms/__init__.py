"""States and places. Rule: rooms know no protocol and no engine: no Twisted, nothing from `protocols/`."""
