"""Charts of the boards as SVG made on the server; the table beside each holds the same numbers with their links."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor, log10

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.wording import charted, percent

register = template.Library()

WIDE, TALL, LEFT, RIGHT, TOP, BOTTOM = 560, 236, 40, 552, 12, 196
STEPS = 4
LETTER = 12
UNITS = (1, 2, 2.5, 5, 10, 20)
Series = Sequence[tuple[str, Sequence[float]]]
Shares = Sequence[tuple[str, Sequence[float | None]]]


@register.simple_tag
def lines(labels: Sequence[str], series: Series) -> SafeString:
    """Some lines over the same labels; the second is dashed and has squares, so that colour alone tells nothing."""
    top = _top([value for _name, values in series for value in values])
    wide = (RIGHT - LEFT - 24) / max(len(labels) - 1, 1)
    xs = [round(LEFT + 12 + number * wide, 1) for number in range(len(labels))]
    drawn = [_line(number, xs, values, top) for number, (_name, values) in enumerate(series)]
    words = _words(((x, BOTTOM + 20, one) for x, one in zip(xs, labels, strict=True)), "middle")
    return _svg("lines", charted(labels, series, "{:g}".format), _grid(top), *drawn, words)


def _line(number: int, xs: Sequence[float], values: Sequence[float], top: float) -> SafeString:
    points = [(x, _y(value, top)) for x, value in zip(xs, values, strict=True)]
    mark = '<rect x="{}" y="{}" width="6" height="6"/>' if number else '<circle cx="{}" cy="{}" r="3.5"/>'
    shift = 3 if number else 0
    marks = format_html_join("", mark, ((round(x - shift, 1), round(y - shift, 1)) for x, y in points))
    path = " ".join(f"{x} {y}" for x, y in points)
    return format_html('<g class="s{}"><path d="M{}"/>{}</g>', number, path, marks)


@register.simple_tag
def columns(labels: Sequence[str], series: Shares, goal: float | None = None) -> SafeString:
    """Groups of columns in percent, one column a series, none without a value, with the goal as a line across."""
    room = (RIGHT - LEFT) / max(len(labels), 1)
    wide = round(min(room * 0.72 / max(len(series), 1), 22), 1)
    drawn = []
    for number, (_name, values) in enumerate(series):
        start, bars = LEFT + (room - wide * len(series)) / 2 + number * wide, []
        for place, value in enumerate(values):
            y = _y(value or 0, 100)
            bars.append((round(start + place * room, 1), y, round(wide - 1.5, 1), round(BOTTOM - y, 1)))
        rects = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', bars)
        drawn.append(format_html('<g class="s{}">{}</g>', number, rects))
    if goal is not None:
        drawn.append(format_html('<path class="goal" d="M{} {}H{}"/>', LEFT, _y(goal, 100), RIGHT))
    words = _words(_folded(labels, room), "middle")
    return _svg("columns", charted(labels, series, percent), _grid(100), *drawn, words)


def _folded(labels: Sequence[str], room: float) -> Iterator[tuple[float, float, str]]:
    """Names under the columns, in as few lines as there is room for, and those of even length."""
    most = max(int(room // LETTER), 2)
    for place, one in enumerate(labels):
        per = ceil(len(one) / max(ceil(len(one) / most), 1))
        for line, at in enumerate(range(0, len(one), per or 1)):
            yield round(LEFT + (place + 0.5) * room, 1), BOTTOM + 14 + line * 12, one[at : at + per]


@register.simple_tag
def shares(parts: Sequence[tuple[str, int]]) -> SafeString:
    """One bar cut into parts by their share; the numbers stand beside it."""
    total, at, drawn = sum(count for _name, count in parts) or 1, 0.0, []
    for number, (_name, count) in enumerate(parts):
        drawn.append((number, f"{at:.2f}%", f"{count / total * 100:.2f}%"))
        at += count / total * 100
    rects = format_html_join("", '<rect class="s{}" x="{}" width="{}" height="100%"/>', drawn)
    said = "，".join(f"{name} {count}" for name, count in parts)
    return format_html('<svg class="shares" role="img" aria-label="{}">{}</svg>', said, rects)


def _svg(css: str, said: str, *parts: SafeString) -> SafeString:
    inside = format_html_join("", "{}", ((one,) for one in parts))
    head = '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(head, css, WIDE, TALL, said, inside)


def _top(values: Sequence[float]) -> float:
    """A round number that holds all values and whose quarters are whole."""
    high = max(values, default=0) or STEPS
    unit = 10 ** max(floor(log10(high / STEPS)), 0)
    return next(unit * n * STEPS for n in UNITS if unit * n * STEPS >= high and unit * n % 1 == 0)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - value / top * (BOTTOM - TOP), 1)


def _grid(top: float) -> SafeString:
    marks = [top * step / STEPS for step in range(STEPS + 1)]
    path = "".join(f"M{LEFT} {_y(one, top)}H{RIGHT}" for one in marks)
    texts = _words(((LEFT - 6, _y(one, top) + 4, f"{one:g}") for one in marks), "end")
    return format_html('<path class="grid-l" d="{}"/>{}', path, texts)


def _words(places: Iterable[tuple[float, float, str]], anchor: str) -> SafeString:
    rows = ((x, y, anchor, text) for x, y, text in places)
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', rows)
