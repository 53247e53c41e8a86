"""The HTTP API for bots and bridges: docs/api.md."""
