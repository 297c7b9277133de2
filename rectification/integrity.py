"""Items against their findings, signatures and reminders."""

from collections.abc import Iterator

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from common.encryption import Undecipherable
from common.integrity import check
from common.models import AuditEvent, Message
from inspections.enums import FindingStatus
from inspections.models import Finding
from villages.enums import VillageStatus

from .enums import OPEN, CheckResult, ItemStatus, Link
from .models import Clue, Lookback, RectificationItem, ReminderLine
from .services import drawn, seal_fits

ITEM = "rectification.RectificationItem"


@check("已反馈的问题都有整改事项，并在同一个村")
def findings_have_items() -> Iterator[str]:
    for one in Finding.objects.filter(status=FindingStatus.FED_BACK, item=None).order_by("pk"):
        yield f"问题 {one.number} 已反馈，但没有整改事项"
    early = RectificationItem.objects.exclude(finding__status=FindingStatus.FED_BACK)
    for item in early.order_by("pk"):
        yield f"整改事项 {item.number} 的问题还没有反馈"


@check("未销号的整改事项都在在册的村")
def open_items_lie_in_active_villages() -> Iterator[str]:
    wrong = RectificationItem.objects.filter(status__in=OPEN).exclude(village__status=VillageStatus.ACTIVE)
    for one in wrong.select_related("village__division").order_by("pk"):
        yield f"整改事项 {one.number} 还没有销号，却留在{one.village.get_status_display()}的{one.village}"


@check("整改时限与办理记录一致")
def deadlines_follow_events() -> Iterator[str]:
    """A deadline changes by a decision on record, or not at all."""
    told = AuditEvent.objects.filter(
        object_type=ITEM, object_id=OuterRef("key"), changes__has_key="deadline", result=AuditEvent.Result.OK
    ).exclude(action="ask_extension")
    last = told.order_by("-id").annotate(until=KT("changes__deadline__1")).values("until")[:1]
    rows = RectificationItem.objects.annotate(key=Cast("pk", CharField())).annotate(until=Subquery(last))
    for one in rows.order_by("pk").iterator():
        recorded = one.until or (None if one.is_long_term else f"{one.original_deadline}")
        if recorded != (str(one.deadline) if one.deadline else None):
            yield f"整改事项 {one.number}：时限是 {one.deadline}，办理记录是 {recorded}"


@check("销号的事项监督链条签齐")
def closed_items_are_signed() -> Iterator[str]:
    passed = Q(checks__result=CheckResult.PASS, checks__attempt=F("attempt"))
    rows = RectificationItem.objects.filter(status=ItemStatus.CLOSED).annotate(
        links=Count("checks__link", filter=passed, distinct=True),
        signers=Count("checks__signer", filter=passed, distinct=True),
    )
    for one in rows.exclude(links=len(Link), signers=len(Link)).order_by("pk"):
        yield f"整改事项 {one.number} 已销号，但监督链条只签了 {one.links} 个环节、{one.signers} 人"


@check("提醒与汇总消息一致")
def lines_follow_digests() -> Iterator[str]:
    astray = ReminderLine.objects.exclude(digest=None).exclude(
        digest__recipient=F("recipient"), digest__kind=Message.Kind.DIGEST
    )
    for line in astray.order_by("pk"):
        yield f"提醒对象 {line.pk} 的汇总消息 {line.digest_id} 不是发给本人的提醒"
    for digest in Message.objects.filter(kind=Message.Kind.DIGEST, reminder_lines=None).order_by("pk"):
        yield f"汇总消息 {digest.pk} 没有任何提醒"


@check("回头看的抽取可以重算")
def samples_can_be_drawn_again() -> Iterator[str]:
    for one in Lookback.objects.select_related("county").order_by("pk"):
        numbers = list(one.lines.order_by("order").values_list("item__number", flat=True))
        if drawn(one.pool, one.seed, one.size) != numbers:
            yield f"{one.county.name}{one}：按种子 {one.seed} 重新抽取，结果与记录不一致"


@check("线索的密封内容与封签一致")
def seals_fit() -> Iterator[str]:
    """Tells the number alone; what is sealed is read by nobody."""
    for one in Clue.objects.order_by("pk").iterator():
        try:
            fits = seal_fits(one)
        except Undecipherable:
            continue  # told by the question about ciphertexts
        if not fits:
            yield f"线索 {one.number} 的内容与封签不符"
