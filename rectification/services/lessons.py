"""以案促改通报 (E10): drafted, issued by another to chosen units, read and signed for there."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import Division, Organ, User
from common import audit, calendar, inbox, policy, workflow
from common.documents import Paper, docx, paragraphs
from common.errors import Conflict
from common.models import Message
from rectification.enums import LessonStatus
from rectification.models import Lesson, LessonReceipt, Signed
from villages.enums import VillageStatus
from villages.models import Village

S = TypeVar("S", bound=Signed)


@transaction.atomic
def save_lesson(
    *, actor: User, county: Division, title: str, text: str, lesson: Lesson | None = None, version: int | None = None
) -> Lesson:
    """A draft, new or changed. Needs "add" in the county; raises Conflict when it has been issued or changed since."""
    new = lesson is None
    one = lesson or Lesson(county=county, year=calendar.today().year, drafted_by=actor)
    if not new:
        one = Lesson.objects.select_for_update(of=("self",)).get(pk=one.pk)
    policy.allows(actor, "add", one).demand()
    if one.status != LessonStatus.DRAFT or version not in (None, one.version):
        raise Conflict(_("“%s”已签发或已被他人更新，您填写的内容没有保存。") % one)
    one.title, one.text = title.strip(), text.strip()
    one.version += 0 if new else 1
    one.save()
    audit.record("draft" if new else "edit", one, actor=actor, target=one.status)
    return one


def receivers(*, places: Iterable[Division], kinds: Iterable[str]) -> list[Organ]:
    """The organs of these kinds at the places and one tier below; of villages those that stand."""
    ids = [one.pk for one in places]
    ended = Village.objects.filter(Q(township__in=ids) | Q(county__in=ids)).exclude(status=VillageStatus.ACTIVE)
    reach = Organ.objects.filter(Q(division__in=ids) | Q(division__parent__in=ids), kind__in=list(kinds))
    return list(reach.exclude(division__in=ended.values("division")).order_by("division__code", "name"))


@transaction.atomic
def issue_lesson(
    *, lesson: Lesson, actor: User, townships: Iterable[Division], with_villages: bool, version: int | None = None
) -> Lesson:
    """签发: by the office's head, who did not draft it; each unit gets its receipt to sign, its people a notice."""
    places = list(townships)
    if any(one.parent_id != lesson.county_id for one in places):
        raise PermissionDenied(_("只能发给本县的乡镇和村。"))
    kinds = [OrganKind.PARTY_COMMITTEE, *([OrganKind.VILLAGE_PARTY] if with_villages else [])]
    organs = receivers(places=places, kinds=kinds)
    if not organs:
        raise ValidationError({"townships": _("请选择发到哪些乡镇。")})
    Division.objects.select_for_update().get(pk=lesson.county_id)
    last = Lesson.objects.filter(county=lesson.county_id, year=lesson.year).aggregate(last=Max("serial"))["last"] or 0
    given: dict[str, Any] = {"serial": last + 1, "issued_by": actor, "issued_at": timezone.now()}
    issued = workflow.apply(lesson, "issue", actor=actor, version=version, **given)
    LessonReceipt.objects.bulk_create(LessonReceipt(lesson=issued, organ=one) for one in organs)
    inbox.post(
        recipients=User.objects.filter(organ__in=organs),
        kind=Message.Kind.NOTICE,
        key=f"lesson:{issued.pk}",
        title=_("以案促改通报：%s，请阅后签阅") % issued.title,
        body=_("打开查看全文并签阅。"),
        path="/rectification/lessons/received/",
        email=False,
    )
    return issued


@transaction.atomic
def sign_read(*, receipt: S, actor: User) -> S:
    """签阅 of what was sent to a unit, for the whole of it, once; by whom and when stays."""
    fresh = type(receipt)._default_manager.select_for_update(of=("self",)).get(pk=receipt.pk)
    policy.allows(actor, "read", fresh).demand()
    if fresh.read_at is None:
        fresh.read_by, fresh.read_at = actor, timezone.now()
        fresh.save(update_fields=["read_by", "read_at"])
        audit.record("read_lesson", fresh, actor=actor)
    return fresh


def lesson_file(*, lesson: Lesson, actor: User) -> bytes:
    """The circular as Word by GB/T 9704-2012. Audited."""
    issuer = lesson.issued_by.organ.name if lesson.issued_by else ""
    paper = Paper(
        title=lesson.title,
        text=paragraphs(lesson.text),
        issuer=issuer,
        day=timezone.localdate(lesson.issued_at) if lesson.issued_at else None,
        number=lesson.number,
    )
    audit.record("download", lesson, actor=actor, note=lesson.title)
    return docx(paper)
