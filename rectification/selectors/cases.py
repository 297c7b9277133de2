"""Case results and lessons, each as far as the person may see them (E10)."""

from django.db.models import Count, F, Q, QuerySet

from accounts.enums import OrganKind
from accounts.models import Division, User
from common import policy
from rectification.models import CaseResult, Clue, Lesson, LessonReceipt


def cases_of(user: User) -> "QuerySet[CaseResult]":
    rows = policy.visible(user, CaseResult.objects.all())
    return rows.select_related("clue", "finding__village__division", "finding__township", "recorded_by__organ")


def cases_of_clue(user: User, clue: Clue) -> list[CaseResult]:
    return list(cases_of(user).filter(clue=clue).order_by("-id"))


def townships_of(county: Division) -> "QuerySet[Division]":
    """Those that have a Party committee to send to."""
    return Division.objects.filter(parent=county, organs__kind=OrganKind.PARTY_COMMITTEE).order_by("code")


def lessons() -> "QuerySet[Lesson]":
    return Lesson.objects.select_related("county", "drafted_by__organ", "issued_by__organ")


def lessons_of(user: User) -> "QuerySet[Lesson]":
    """With to how many units each went and how many have signed."""
    read = Count("receipts", filter=~Q(receipts__read_at=None))
    return policy.visible(user, lessons()).annotate(sent=Count("receipts"), read=read)


def receipts() -> "QuerySet[LessonReceipt]":
    return LessonReceipt.objects.select_related("lesson__county", "lesson__issued_by__organ", "organ", "read_by")


def receipts_of(user: User) -> "QuerySet[LessonReceipt]":
    return policy.visible(user, receipts())


def receipts_of_lesson(lesson: Lesson) -> list[LessonReceipt]:
    """Unread ones first."""
    return list(receipts().filter(lesson=lesson).order_by(F("read_at").desc(nulls_first=True), "organ__division__code"))


def unread(user: User) -> "QuerySet[LessonReceipt]":
    return receipts_of(user).filter(read_at=None)
