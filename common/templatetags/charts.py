"""Small charts as SVG made on the server: no script, no inline style, and the numbers stand in the label."""

from collections.abc import Sequence
from math import ceil, floor, log10

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 344, 12.5, 72.5, 42, 336


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Round limits that hold all values; the floor stays at 0 unless the line would be flat up there."""
    high, low = max(values, default=0) or 1, min(values, default=0)
    step = max(10 ** floor(log10(high)) / 2, 1) * 2  # even steps of whole things, so that the middle is whole too
    base = floor(low / step) * step if low > high / 2 else 0
    return base, max(ceil(high / step) * step, base + step)


def _path(values: Sequence[float], count: int, low: float, high: float) -> list[tuple[float, float]]:
    wide = (RIGHT - LEFT) / max(count - 1, 1)
    tall = (BOTTOM - TOP) / (high - low)
    return [(round(LEFT + i * wide, 1), round(BOTTOM - (value - low) * tall, 1)) for i, value in enumerate(values)]


def _line(css: str, points: list[tuple[float, float]]) -> SafeString:
    if len(points) < 2:
        return SafeString("")
    return format_html('<path class="{}" d="M{}"/>', css, " ".join(f"{x} {y}" for x, y in points))


def _axis(low: float, high: float) -> SafeString:
    rows = [(TOP, high), ((TOP + BOTTOM) / 2, (low + high) / 2), (BOTTOM, low)]
    lines = format_html('<path class="grid-l" d="{}"/>', "".join(f"M{LEFT - 8} {y}H{WIDTH}" for y, _ in rows))
    texts = format_html_join(
        "", '<text x="{}" y="{}" text-anchor="end">{}</text>', ((LEFT - 12, y + 4, f"{v:g}") for y, v in rows)
    )
    return lines + texts


def _labels(labels: Sequence[str], count: int) -> SafeString:
    """At most five words under the line, the first and the last always."""
    step = max(1, ceil((count - 1) / 4))
    shown = [i for i in range(count) if i % step == 0 and (i == 0 or count - 1 - i >= step)] + [count - 1]
    wide = (RIGHT - LEFT) / max(count - 1, 1)
    return format_html_join(
        "",
        '<text x="{}" y="92" text-anchor="{}">{}</text>',
        (
            (round(LEFT + i * wide, 1), "end" if i == count - 1 and count > 1 else "middle", labels[i])
            for i in dict.fromkeys(shown)
        ),
    )


def _end(points: list[tuple[float, float]], value: float) -> SafeString:
    x, y = points[-1]
    return format_html(
        '<circle class="last" cx="{}" cy="{}" r="4"/><text class="last" x="{}" y="{}" text-anchor="{}">{}</text>',
        x,
        y,
        x - 2 if x > WIDTH - 60 else x + 6,
        y + 16 if y < BOTTOM - 16 else y - 8,
        "end" if x > WIDTH - 60 else "start",
        f"{value:g}",
    )


@register.simple_tag
def spark(labels: Sequence[str], real: Sequence[float], plan: Sequence[float] = (), label: str = "") -> SafeString:
    """A line of what happened, ending where the data ends, over a dashed line of what was planned."""
    count = max(len(labels), 1)
    if not labels or not real:
        return SafeString("")
    low, high = _scale([*real, *plan])
    points = _path(real, count, low, high)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} 96" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        WIDTH,
        label or "，".join(f"{name} {value:g}" for name, value in zip(labels, real, strict=False)),
        _axis(low, high),
        _labels(labels, count),
        _line("plan", _path(plan, count, low, high)) if plan else "",
        _line("real", points),
        _end(points, real[-1]),
    )
