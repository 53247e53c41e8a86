"""What a browser can be shown. Rule: all of them are shown the same; what is somebody's own is marked as that."""

from __future__ import annotations

from dataclasses import dataclass

from teahouse.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class WebView(View):
    """A browser."""
