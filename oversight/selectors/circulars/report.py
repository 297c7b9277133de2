"""专题报告 to a department: what was found on its subject, by township and checklist item (F3)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from accounts.models import Division, Organ
from common import policy
from common.small_counts import blurred
from common.wording import quoted
from inspections.enums import FindingStatus, Theme
from inspections.models import Finding
from inspections.selectors.opinion import yuan
from inspections.selectors.papers.base import Draft
from oversight.models.circulars import EXAMPLES
from rectification.enums import ItemStatus

from .figures import office_of
from .words import most, percent, period

ITEM = "checklist_item__"
LOOKUPS = {"theme": f"{ITEM}theme", "point": f"{ITEM}point_code", "item": f"{ITEM}code"}
LABELS = {"theme": f"{ITEM}theme", "point": f"{ITEM}point", "item": f"{ITEM}text"}
GROUPS = {"theme": "重点问题", "point": "清单点位", "item": "清单条目"}
Subjects = list[tuple[str, list[tuple[str, str]]]]


def fed_back(user: Any, county: Division, first: date, last: date) -> "QuerySet[Finding]":
    """Fed back and handed over for rectification within the days, as far as `user` sees them."""
    rows = Finding.objects.filter(status=FindingStatus.FED_BACK, county=county, item__assigned_on__range=(first, last))
    return policy.visible(user, rows).order_by()


def about(subject: str) -> Q:
    """“point:B1” → the findings under that point."""
    kind, _colon, key = subject.partition(":")
    return Q(**{LOOKUPS[kind]: key})


def subjects(user: Any, county: Division) -> Subjects:
    """Themes, points and items under which something has been fed back, with their findings, as grouped choices."""
    rows = policy.visible(user, Finding.objects.filter(status=FindingStatus.FED_BACK, county=county)).order_by()
    found: Subjects = []
    for kind, lookup in LOOKUPS.items():
        counted = rows.values_list(lookup).annotate(words=Max(LABELS[kind]), n=Count("pk")).order_by("-n", lookup)
        choices = [(f"{kind}:{key}", f"{_label(kind, text)}（{n} 个问题）") for key, text, n in counted]
        found.append((GROUPS[kind], choices))
    return found


def _label(kind: str, text: str) -> str:
    return str(Theme(text).label) if kind == "theme" else text


def report(
    user: Any, county: Division, department: Organ, subject: str, first: date, last: date
) -> tuple[Draft, dict[str, Any]]:
    """(first text, figures). No village is named: the department sees findings only in a campaign (domain.md).

    Figures are {"name", "sum": {…, "people": as it may be told}, "rows": by township, "items": by checklist item}.
    Amounts are yuan as text.
    """
    everything = fed_back(user, county, first, last)
    rows = everything.filter(about(subject))
    kind = subject.partition(":")[0]
    name = _label(kind, rows.aggregate(name=Max(LABELS[kind]))["name"] or "")
    inspected = dict(everything.values_list("township__name").annotate(n=Count("village_id", distinct=True)))
    columns = _columns(last)
    townships: Any = rows.values("township__name").annotate(**columns)
    items: Any = rows.values("checklist_item__code").annotate(text=Max("checklist_item__text"), **columns)
    whole = rows.aggregate(**columns, people=Sum("people_affected"), townships=Count("township_id", distinct=True))
    figures = {
        "name": name,
        "sum": _plain(whole)
        | {"people": blurred(whole["people"]) if whole["people"] else ""}
        | {"inspected": sum(inspected.values())},
        "rows": [
            _plain(row) | {"inspected": inspected[row["township__name"]]}
            for row in townships.order_by("-villages", "-findings", "township__code")
        ],
        "items": [_plain(row) for row in items.order_by("-villages", "-findings", "checklist_item__code")],
    }
    sections = [
        (
            "",
            f"县级巡察机构对{period(first, last)}巡察反馈的问题进行了梳理，{quoted(name)}方面的问题较为集中。"
            "现将有关情况专题报告如下。",
        ),
        ("基本情况", _basics(figures)),
        ("分布情况", _spread(figures)),
        (EXAMPLES, ""),
        ("主要原因", "（请填写问题产生的主要原因）"),
        ("整治建议", "（请填写建议采取的整治措施）"),
    ]
    return Draft(f"关于{quoted(name)}问题的专题报告", office_of(county), sections, to=department.name), figures


def _columns(last: date) -> dict[str, Any]:
    closed = Q(item__status=ItemStatus.CLOSED, item__closed_at__date__lte=last)
    return {
        "villages": Count("village_id", distinct=True),
        "findings": Count("pk"),
        "amount": Sum("amount"),
        "closed": Count("pk", filter=closed),
        "overdue": Count("pk", filter=Q(item__deadline__lt=last) & ~closed),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """With short keys and the amount as text."""
    short = {"township__name": "name", "checklist_item__code": "code"}
    return {short.get(key, key): value for key, value in row.items()} | {"amount": yuan(row["amount"] or Decimal(0))}


def _basics(figures: dict[str, Any]) -> str:
    of = figures["sum"]
    share = percent(of["villages"] / of["inspected"] * 100 if of["inspected"] else None)
    money = f"，涉及资金{of['amount']}元" if of["amount"] != "0" else ""
    people = f"，涉及群众（人次）{of['people']}" if of["people"] else ""
    return (
        f"已反馈的{of['inspected']}个村（社区）中，{of['townships']}个乡镇（街道）的{of['villages']}个村（社区）存在此类问题，"
        f"占{share}，共{of['findings']}个问题{money}{people}。已整改销号{of['closed']}个，超期未改{of['overdue']}个。"
    )


def _spread(figures: dict[str, Any]) -> str:
    places = most([(row["name"], row["villages"]) for row in figures["rows"]], "涉及村较多的是", "个村")
    items: Sequence[dict[str, Any]] = figures["items"]
    told = "；".join(f"{quoted(one['text'])}{one['villages']}个村{one['findings']}个问题" for one in items)
    return "\n".join(filter(None, [places, f"具体表现为：{told}。" if told else "", "各乡镇（街道）情况见附件。"]))
