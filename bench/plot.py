"""Bars as SVG, with nothing to install. Rule: every panel has its own scale from zero, a bar its figure in words, a
whisker from the smallest to the largest run, and the aim is a line.
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

WIDTH, LEFT, RIGHT = 760, 110, 90
BAR, GAP, HEAD, FOOT = 18, 7, 34, 22
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #2b2a27 } .title { font-weight: 600 } .small { font-size: 11px }
.paper { fill: #fffdf8 } .bar { fill: #c9c2b4 } .ours { fill: #b5532f } .floor { fill: #6f8f72 }
.whisker { stroke: #2b2a27; stroke-width: 1.2 } .aim { stroke: #2b2a27; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e9e4d8 } .paper { fill: #22211e } .bar { fill: #6b665c } .ours { fill: #dd7a52 }
  .floor { fill: #7fa583 }
  .whisker, .aim { stroke: #e9e4d8 } }
"""


class Bar(NamedTuple):
    """One server (or a floor): median, smallest, largest."""

    name: str
    value: float
    low: float
    high: float


class Panel(NamedTuple):
    """Bars of one unit; aim 0: none."""

    title: str
    bars: list[Bar]
    aim: float
    more_is_better: bool


def draw(panels: list[Panel]) -> str:
    """The whole picture."""
    body, y = [], 12
    for panel in panels:
        body.append(_panel(panel, y))
        y += _height(panel)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">'
        f'<style>{STYLE}</style><rect class="paper" width="{WIDTH}" height="{y}" rx="8"/>{"".join(body)}</svg>\n'
    )


def _height(panel: Panel) -> int:
    return HEAD + len(panel.bars) * (BAR + GAP) + FOOT


def _panel(panel: Panel, top: int) -> str:
    most = max([panel.aim, *(bar.high for bar in panel.bars)]) or 1.0
    scale = (WIDTH - LEFT - RIGHT) / most
    parts = [f'<text class="title" x="18" y="{top + 18}">{escape(panel.title)}</text>']
    parts += [_bar(bar, top + HEAD + i * (BAR + GAP), scale) for i, bar in enumerate(panel.bars)]
    if panel.aim:
        parts.append(_aim(panel, LEFT + panel.aim * scale, top + HEAD - 4))
    return "".join(parts)


def _bar(bar: Bar, y: float, scale: float) -> str:
    kind = {"teahouse": "ours", "bare send": "floor"}.get(bar.name, "bar")
    low, end, high = (LEFT + value * scale for value in (bar.low, bar.value, bar.high))
    middle, text = y + BAR / 2, f"{bar.value:.0f}" if bar.value >= 100 else f"{bar.value:.3g}"
    return (
        f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(bar.name)}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" rx="2"/>'
        f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
        f'<text x="{max(end, high) + 8:.1f}" y="{y + 13}">{text}</text>'
    )


def _aim(panel: Panel, x: float, y: float) -> str:
    bottom = y + len(panel.bars) * (BAR + GAP) + 4
    words = f"aim: {'at least' if panel.more_is_better else 'at most'} {panel.aim:g}"
    return (
        f'<line class="aim" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{bottom}"/>'
        f'<text class="small" x="{x:.1f}" y="{bottom + 11}" text-anchor="middle">{words}</text>'
    )
