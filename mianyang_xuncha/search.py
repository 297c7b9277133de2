"""One box for villages and for numbered work: only what this person may see is looked at, so nothing can leak."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import policy
from inspections.models import Finding, Inspection
from mianyang_xuncha.menu import reachable
from rectification.models import RectificationItem, Responsible
from villages.enums import VillageStatus
from villages.models import Village
from villages.selectors.villages import named

MOST = 20
Group = dict[str, Any]


def search(user: User, text: str) -> list[Group]:
    """Groups {heading, rows, more}: villages by their name or township, or by code; work by number, title or person."""
    text = " ".join(text.split())
    if not text:
        return []
    found = [_villages(user, text), _items(user, text), _findings(user, text), _inspections(user, text)]
    return [group for group in found if group["rows"]]


def _seen(user: User, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
    """Nothing where the person has no such page, else the visible rows."""
    may = policy.may(user, "view", queryset.model)
    return policy.visible(user, queryset) if may else queryset.none()


def _group(heading: str, rows: "QuerySet[Any]", shape: Any) -> Group:
    some = list(rows[: MOST + 1])
    return {"heading": heading, "rows": [shape(one) for one in some[:MOST]], "more": len(some) > MOST}


def _villages(user: User, text: str) -> Group:
    rows = _seen(user, Village.objects.select_related("division", "township", "successor__division"))
    page = reachable(user, "villages:list")

    def shape(one: Village) -> dict[str, Any]:
        return {
            "url": reverse("villages:detail", args=[one.division.code]) if page else "",
            "title": one.full_name,
            "note": one.division.code,
            "word": "" if one.status == VillageStatus.ACTIVE else one.get_status_display(),
            "tone": "",
        }

    return _group(_("村（社区）"), rows.filter(named(text)).order_by("division__code"), shape)


def _items(user: User, text: str) -> Group:
    rows = _seen(user, RectificationItem.objects.select_related("finding", "village__division", "township"))
    answers = Responsible.objects.filter(name__startswith=text).values("item")
    asked = Q(number__icontains=text) | Q(finding__title__contains=text) | Q(pk__in=answers)

    def shape(one: RectificationItem) -> dict[str, Any]:
        return _row(
            one.get_absolute_url(), one.finding.title, one, one.status_label, "green" if not one.is_open else "blue"
        )

    return _group(_("整改事项"), rows.filter(asked).order_by("-id"), shape)


def _findings(user: User, text: str) -> Group:
    rows = _seen(user, Finding.objects.select_related("village__division", "township"))
    asked = Q(number__icontains=text) | Q(title__contains=text)

    def shape(one: Finding) -> dict[str, Any]:
        return _row(one.get_absolute_url(), one.title, one, one.status_label, "")

    return _group(_("发现问题"), rows.filter(asked).order_by("-id"), shape)


def _inspections(user: User, text: str) -> Group:
    rows = _seen(user, Inspection.objects.select_related("village__division", "township", "round"))

    def shape(one: Inspection) -> dict[str, Any]:
        return _row(one.get_absolute_url(), one.round.name, one, one.status_label, "")

    return _group(_("巡察"), rows.filter(number__icontains=text).order_by("-id"), shape)


def _row(url: str, title: str, one: Any, word: str, tone: str) -> dict[str, Any]:
    note = f"{one.township.name} {one.village.division.short_name}·{one.number}"
    return {"url": url, "title": title, "note": note, "word": word, "tone": tone}
