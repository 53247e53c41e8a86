"""The configuration: a TOML file and the command line into `settings.py`'s dataclasses. Rule: what is wrong with it
is told all at once, with file, line, key, and what is allowed.
"""

from teahouse.config.reading import ConfigError, load, parse, place_of

__all__ = ["ConfigError", "load", "parse", "place_of"]
