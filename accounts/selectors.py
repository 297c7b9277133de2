"""Reads over places, people and the audit trail."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from common import policy
from common.models import AuditEvent

from .enums import Tier
from .models import Division, Organ, User

AWAITING = Q(asked_by__isnull=False, countersigned_by=None)
STATES = {
    "1": Q(is_active=True),
    "0": Q(is_active=False) & ~AWAITING,
    "await": AWAITING,
    "initial": Q(is_active=True, must_change_password=True),
    "never": Q(is_active=True, last_login=None),
}


def divisions_like(*, user: User, text: str, limit: int = 30) -> "QuerySet[Division]":
    """Divisions whose accounts `user` looks after, by name, full pinyin, initials or code; without text the own."""
    asked = name_matches(text.strip()) if text.strip() else Q(pk=user.organ.division_id)
    found = policy.visible(user, Division.objects.filter(asked), "manage")
    return found.select_related("parent__parent").order_by("tier", "code")[:limit]


def name_matches(text: str, prefix: str = "") -> Q:
    """How a place is found: 汉字, 全拼, 首字母 or the beginning of its code."""
    letters = text.lower().replace(" ", "")
    found = Q(**{f"{prefix}name__contains": text})
    if letters.isascii() and letters.isalpha():
        found |= Q(**{f"{prefix}pinyin__contains": letters}) | Q(**{f"{prefix}initials__contains": letters})
    if letters.isdigit():
        found |= Q(**{f"{prefix}code__startswith": letters})
    return found


def name_begins(text: str, prefix: str) -> Q:
    """Places whose name, 全拼 or 首字母 begin so: the township beside a village's own name, where less should match."""
    letters = text.lower()
    found = Q(**{f"{prefix}name__startswith": text})
    if letters.isascii() and letters.isalpha():
        found |= Q(**{f"{prefix}pinyin__startswith": letters}) | Q(**{f"{prefix}initials__startswith": letters})
    return found


def organs_at(division: Division) -> "QuerySet[Organ]":
    return division.organs.order_by("kind", "name")


def townships() -> "QuerySet[Division]":
    return Division.objects.filter(tier=Tier.TOWNSHIP).select_related("parent").order_by("code")


def users(
    *, user: User, text: str = "", kind: str = "", active: str = "", division: Division | None = None
) -> "QuerySet[User]":
    """The accounts that `user` looks after, by name, user name, unit or place."""
    found = policy.visible(user, User.objects.select_related("organ__division__parent"))
    if text := text.strip():
        place = name_matches(text, "organ__division__")
        person = Q(username__icontains=text) | Q(full_name__contains=text)
        found = found.filter(person | Q(organ__name__contains=text) | place)
    if kind:
        found = found.filter(organ__kind=kind)
    if active in STATES:
        found = found.filter(STATES[active])
    if division:
        found = found.filter(organ__division=division)
    return found


def events(
    *,
    user: User,
    person: str = "",
    object_type: str = "",
    object_text: str = "",
    action: str = "",
    result: str = "",
    since: date | None = None,
    until: date | None = None,
) -> "QuerySet[AuditEvent]":
    """The audit trail, newest first, narrowed by who, what, when and how it ended."""
    found = policy.visible(user, AuditEvent.objects.order_by("-id"))
    if person := person.strip():
        found = found.filter(_acted_by(person))
    if object_text := object_text.strip():
        found = found.filter(Q(object_text__contains=object_text) | Q(object_id=object_text))
    for name, value in (("object_type", object_type), ("action", action), ("result", result)):
        if value:
            found = found.filter(**{name: value})
    if since:
        found = found.filter(at__gte=_midnight(since))
    if until:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _acted_by(person: str) -> Q:
    """By account where one fits (indexed), else by the text that was noted: a failed sign-in has no account."""
    ids = list(User.objects.filter(Q(username=person) | Q(full_name=person)).values_list("pk", flat=True)[:50])
    return (Q(actor__in=ids) | Q(actor=None, actor_text=person)) if ids else Q(actor_text__contains=person)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
