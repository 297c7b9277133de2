"""Self-checks: the notice, the villages' answers, the township's word, reminders (F2)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import Division, User
from common import audit, inbox, policy, workflow
from common.calendar import today
from common.models import Message
from common.once import sent_before
from inspections.models import ChecklistItem, Term
from oversight.enums import Answer, CheckStatus
from oversight.models import SelfCheck, SelfCheckAnswer, SelfCheckItem, SelfCheckNotice, SelfCheckReminder
from oversight.selectors.common import setting_of
from oversight.selectors.self_checks import not_inspected


@transaction.atomic
def issue_notice(
    *,
    county: Division,
    term: Term,
    title: str,
    text: str,
    due_on: date,
    items: Sequence[ChecklistItem],
    actor: Any,
    key: UUID | None = None,
) -> SelfCheckNotice:
    """Ask every village of the county that the term has not reached yet about these items (F2).

    A `key` (one per opened form) makes a form that was sent twice one notice. Raises ValidationError when there is no
    such village, no item, or no time left to answer.
    """
    told = {"county": county, "title": title.strip(), "text": text.strip(), "due_on": due_on, "issued_by": actor}
    notice = SelfCheckNotice(**told, term=term, issued_on=today(), key=key)
    policy.allows(actor, "add", notice).demand()
    if sent := sent_before(SelfCheckNotice, key, **told):
        return sent
    villages = not_inspected(county, term)
    if due_on <= today():
        raise ValidationError({"due_on": _("答复时限须晚于今天。")})
    if not items:
        raise ValidationError({"items": _("请至少选择一个清单条目。")})
    if not villages:
        raise ValidationError(_("本届各村都已巡察或正在巡察，没有需要自查的村。"))
    notice.save()
    codes = {one.code: one for one in items}
    SelfCheckItem.objects.bulk_create(
        [SelfCheckItem(notice=notice, code=one.code, text=one.text) for one in codes.values()]
    )
    SelfCheck.objects.bulk_create(
        [
            SelfCheck(notice=notice, county_id=county.pk, township_id=one.township_id, village_id=one.pk)
            for one in villages
        ]
    )
    audit.record("issue", notice, actor=actor)
    _tell_all(notice)
    return notice


def _tell_all(notice: SelfCheckNotice) -> None:
    """Villages and townships, by the outbox too."""
    checks = notice.checks.order_by()
    reach = Q(organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id__in=checks.values("village_id"))
    reach |= Q(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id__in=checks.values("township_id"))
    inbox.post(
        recipients=User.objects.filter(reach),
        kind=Message.Kind.NOTICE,
        key=f"self-check:{notice.pk}",
        title=_("自查通知：%(title)s，%(day)s 前答复") % {"title": notice.title, "day": notice.due_on},
        body=_("打开查看详情并办理。"),
        path="/oversight/self-checks/",
    )


@transaction.atomic
def answer_check(
    *, check: SelfCheck, answers: Mapping[int, tuple[str, str]], actor: Any, version: int | None = None
) -> SelfCheck:
    """The village's answers, by item; the township may give them for it, which is shown as 代填.

    `answers` is item → (有/无/已改, what was done). Raises ValidationError where an item is left out, or 有 or 已改
    does not say what is or was done.
    """
    items = list(check.notice.items.all())
    wrong = {}
    for one in items:
        answer, note = answers.get(one.pk, ("", ""))
        if answer not in Answer.values:
            wrong[f"answer_{one.pk}"] = _("请答复 %s。") % one.code
        elif answer != Answer.NONE and not note.strip():
            wrong[f"note_{one.pk}"] = _("%s 答“有”或“已改”的，请写明打算怎样改、怎样改的。") % one.code
    if wrong:
        raise ValidationError(wrong)
    proxy = actor.organ.kind == OrganKind.PARTY_COMMITTEE
    given = {"answered_by": actor, "answered_on": today(), "is_proxy": proxy}
    answered = workflow.apply(check, "answer", actor=actor, version=version, **given)
    answered.answers.all().delete()
    SelfCheckAnswer.objects.bulk_create(
        [
            SelfCheckAnswer(check_of=answered, item=one, answer=answers[one.pk][0], note=answers[one.pk][1].strip())
            for one in items
        ]
    )
    return answered


@transaction.atomic
def confirm_check(*, check: SelfCheck, actor: Any, note: str = "") -> SelfCheck:
    """The township stands for the answers; from now on they do not change."""
    return workflow.apply(check, "confirm", actor=actor, note=note, confirmed_by=actor, confirmed_on=today())


@transaction.atomic
def send_back_check(*, check: SelfCheck, actor: Any, note: str = "") -> SelfCheck:
    """The village answers again."""
    returned = workflow.apply(check, "send_back", actor=actor, note=note)
    inbox.post(
        recipients=User.objects.filter(organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id=returned.village_id),
        kind=Message.Kind.NOTICE,
        key=f"self-check-back:{returned.pk}:{returned.version}",
        title=_("自查“%s”已退回，请重新填报") % returned.notice,
        body=_("打开查看详情并办理。"),
        path=returned.get_absolute_url(),
        email=False,
    )
    return returned


@transaction.atomic
def remind_self_checks(*, on: date) -> int:
    """Write the reminders of the day: to the village while it has not answered, to the township until it confirmed.

    Each check is reminded once for each day that its county has set, in one transaction with the outbox's rows, so
    running it again, or by two at once, writes nothing twice. Returns how many checks were reminded.
    """
    rows = SelfCheck.objects.filter(status__in=[CheckStatus.OPEN, CheckStatus.ANSWERED])
    asked = SelfCheckNotice.objects.filter(pk__in=rows.values("notice")).select_related("county")
    days_of: dict[int, list[int]] = {}
    made = 0
    for notice in asked.order_by("id"):
        days = (notice.due_on - on).days
        if days not in days_of.setdefault(notice.county_id, setting_of(notice.county).remind_days):
            continue
        due = rows.filter(notice=notice).exclude(reminders__days=days)
        for check in due.select_related("notice").select_for_update(of=("self",)).order_by("id"):
            SelfCheckReminder.objects.create(check_of=check, days=days, on=on)
            _remind(check, days, on)
            made += 1
    return made


def _remind(check: SelfCheck, days: int, on: date) -> None:
    reach = Q(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id=check.township_id)
    if check.status == CheckStatus.OPEN:
        reach |= Q(organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id=check.village_id)
    word = _("还有 %s 天") % days if days > 0 else _("今天到期") if days == 0 else _("已超期 %s 天") % -days
    inbox.post(
        recipients=User.objects.filter(reach),
        kind=Message.Kind.NOTICE,
        key=f"self-check:{check.notice_id}:{days}",
        title=_("自查“%(title)s”%(word)s") % {"title": check.notice.title, "word": word},
        body=_("打开查看详情并办理。"),
        path="/oversight/self-checks/",
        day=on,
    )
