"""How values, states and small parts are shown: one place for every page (interface.md §5)."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import calendar
from common.wording import percent

register = template.Library()

NOTHING = "—"
LIGHTS = {
    "red": "red",
    "amber": "amber",
    "yellow": "amber",
    "green": "green",
    "grey": "grey",
    "gray": "grey",
}
LIGHT_WORDS = {
    "red": gettext_lazy("红灯"),
    "amber": gettext_lazy("黄灯"),
    "green": gettext_lazy("绿灯"),
    "grey": gettext_lazy("已销号"),
}
WEEKDAYS = (
    gettext_lazy("星期一"),
    gettext_lazy("星期二"),
    gettext_lazy("星期三"),
    gettext_lazy("星期四"),
    gettext_lazy("星期五"),
    gettext_lazy("星期六"),
    gettext_lazy("星期日"),
)
BAR_TONES = frozenset({"br", "g", "a", "rd", "bl"})
TEN_THOUSAND = Decimal(10000)


# Dates and times


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _day(value: Any) -> date | None:
    value = _local(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


@register.filter
def cndate_long(value: Any) -> str:
    """2020年4月22日, as in papers."""
    day = _day(value)
    if day is None:
        return NOTHING
    return _("%(year)d年%(month)d月%(day)d日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


@register.filter
def cndate(value: Any) -> str:
    """4月22日; of another year 2019年4月22日."""
    day = _day(value)
    if day is None or day.year != calendar.today().year:
        return cndate_long(day)
    return _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}


@register.filter
def cnweekday(value: Any) -> str:
    day = _day(value)
    return NOTHING if day is None else str(WEEKDAYS[day.weekday()])


@register.filter
def isodate(value: Any) -> str:
    """2020-04-22, for audit and native date inputs; a text already written with slashes is turned round."""
    day = _day(value)
    if day is not None:
        return day.isoformat()
    return value.replace("/", "-") if isinstance(value, str) else NOTHING


@register.filter
def isominute(value: Any) -> str:
    """2020-04-22T09:12 for a native date-and-time input."""
    return isodate(value)[:16].replace(" ", "T") if isinstance(value, str) else f"{isodate(value)}T{cntime(value)}"


@register.filter
def cntime(value: Any) -> str:
    """09:12 by Asia/Shanghai."""
    value = _local(value)
    return value.strftime("%H:%M") if hasattr(value, "strftime") and hasattr(value, "hour") else NOTHING


@register.filter
def cnwhen(value: Any) -> str:
    """今天 09:12, 昨天 18:05, 4月20日 10:05; a plain date loses the time."""
    day = _day(value)
    if day is None:
        return NOTHING
    word = {0: _("今天"), 1: _("昨天")}.get((calendar.today() - day).days, cndate(day))
    return f"{word} {cntime(value)}" if isinstance(value, datetime) else word


@register.filter
def deadline_text(days_left: int | None) -> str:
    """剩 5 天, 今天到期, 超期 12 天."""
    if days_left is None or days_left == "":
        return _("未设时限")
    if days_left == 0:
        return _("今天到期")
    if days_left > 0:
        return _("剩 %(days)d 天") % {"days": days_left}
    return _("超期 %(days)d 天") % {"days": -days_left}


# Numbers


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


@register.filter
def money(value: Any) -> str:
    """元 up to ten thousand, 万元 with two decimals from there."""
    amount = _number(value)
    if amount is None:
        return NOTHING
    if abs(amount) >= TEN_THOUSAND:
        return _("%(amount)s 万元") % {"amount": f"{amount / TEN_THOUSAND:,.2f}"}
    whole = amount == amount.to_integral_value()
    return _("%(amount)s 元") % {"amount": f"{amount:,.0f}" if whole else f"{amount:,.2f}"}


@register.filter
def percent1(value: Any) -> str:
    """A percentage (62.4, not 0.624) with one decimal."""
    number = _number(value)
    return NOTHING if number is None else percent(number)


@register.filter
def pct_of(part: Any, total: Any) -> float | None:
    """`done|pct_of:total` as 0 to 100, None when there is no total."""
    number, whole = _number(part), _number(total)
    return float(number / whole * 100) if number is not None and whole else None


# Small marks


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One symbol of the sprite; always decoration, so the words stand beside it."""
    return format_html(
        '<svg class="ic{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" ic-{size}" if size else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def mark(name: str, css: str = "") -> SafeString:
    """One of our own symbols (lamps, file kinds)."""
    return format_html(
        '<svg{} aria-hidden="true"><use href="{}#{}"/></svg>',
        format_html(' class="{}"', css) if css else "",
        static("img/marks.svg"),
        name,
    )


@register.simple_tag
def lamp(light: Any, text: Any = "") -> SafeString:
    """Shape, colour and word of a traffic light; nothing is ever told by colour alone."""
    tone = LIGHTS.get(str(getattr(light, "value", light)).lower())
    if tone is None:
        return format_html('<span class="lamp grey">{}</span>', text or NOTHING)
    return format_html(
        '<span class="lamp {}">{}{}</span>',
        tone,
        mark(f"l-{tone}"),
        text if text else LIGHT_WORDS[tone],
    )


@register.simple_tag
def badge(text: Any, tone: str = "", outline: bool = False) -> SafeString:
    """A status word on a tinted ground."""
    css = " ".join(filter(None, ["tag", "out" if outline else "", tone if tone != "grey" else ""]))
    return format_html('<span class="{}">{}</span>', css, text)


def _share(value: Any) -> str:
    """A percentage held between 0 and 100, as an SVG length."""
    number = min(max(_number(value) or Decimal(0), Decimal(0)), Decimal(100))
    return f"{number:.1f}%"


@register.simple_tag
def bar(pct: Any, tone: str = "br", goal: Any = None, label: str = "") -> SafeString:
    """A bar as SVG, whose widths are attributes and so need no inline style."""
    return format_html(
        '<svg class="bar {}" {}><rect class="trk" width="100%" height="100%" rx="3"/>'
        '<rect width="{}" height="100%" rx="3"/>{}</svg>',
        tone if tone in BAR_TONES else "br",
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        _share(pct),
        "" if goal is None else format_html('<rect class="goal" x="{}" y="-1" width="2" height="10"/>', _share(goal)),
    )


@register.simple_tag
def barcell(pct: Any, tone: str = "br") -> SafeString:
    """Bar and number side by side, for a table cell."""
    if _number(pct) is None:
        return SafeString(NOTHING)
    return format_html(
        '<span class="barcell">{}<span class="num r">{}</span></span>',
        bar(_number(pct), tone),
        percent1(pct),
    )


# Rows and lists


@register.simple_tag
def selectall() -> SafeString:
    return format_html(
        '<label class="cbw js-only"><input class="cb" type="checkbox" data-all aria-label="{}"></label>',
        _("全选本页"),
    )


@register.simple_tag
def selectrow(pk: Any, title: Any, name: str = "ids", checked: bool = False) -> SafeString:
    return format_html(
        '<label class="cbw"><input class="cb" type="checkbox" name="{}" value="{}" aria-label="{}"{}></label>',
        name,
        pk,
        _("选择：%(title)s") % {"title": title},
        SafeString(" checked") if checked else "",
    )


@register.simple_tag(takes_context=True)
def sortlink(context: Context, label: Any, key: str, param: str = "sort") -> SafeString:
    """A table head that sorts by `key`, downwards first; the page goes back to the start."""
    query = context["request"].GET.copy()
    now = query.get(param, "")
    state = {key: "asc", f"-{key}": "desc"}.get(now, "")
    for gone in ("page", "after", "before"):
        query.pop(gone, None)
    query[param] = key if state == "desc" else f"-{key}"
    said = {"asc": _("，现为升序"), "desc": _("，现为降序")}.get(state, "")
    return format_html(
        '<a class="sort {}" href="?{}">{}<span class="vh">{}</span></a>',
        state,
        query.urlencode(),
        label,
        said,
    )


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    return format_html('<nav aria-label="{}"><ol class="crumb">{}</ol></nav>', _("位置"), content)


@register.inclusion_tag("_parts/queryform.html", takes_context=True)
def queryform(context: Context, form: BaseForm, main: int = 3, clear_url: str = "") -> dict[str, Any]:
    """The query form of a list: `main` fields shown, the rest folded but opened while one of them is in use."""
    fields = form.visible_fields()
    return {
        "form": form,
        "first": fields[:main],
        "more": fields[main:],
        "open": any(field.value() not in (None, "", [], False) for field in fields[main:]),
        "clear_url": clear_url or context["request"].path,
    }
