"""Numbers of bytes as people read them."""

_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


def show_size(count: float) -> str:
    """Say how many bytes: ``58.3 MiB``, ``512 B``."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count:.0f} B"
