"""Endpoints that stand behind a proxy which says first for whom it has connected (the PROXY protocol)."""
