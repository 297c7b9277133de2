"""What waits for a person in inspections: the workbench's rows (H1)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Post, Role
from accounts.models import Division
from common import policy
from common.calendar import today
from common.gather import gather
from inspections import rules
from inspections.enums import OPEN_STAGES, UNDECIDED, FeedbackStatus, FindingStatus, PlanStatus, Stage
from inspections.models import AnnualPlan, Duty, Feedback, Filing, Finding, Inspection, PlanEntry, Round
from inspections.models.duties import SOON_DAYS

from .filings import returned, to_file, waiting
from .recusals import in_conflict

MOST = 50
F = FindingStatus
Entry = dict[str, Any]


def todo(user: Any) -> list[Entry]:
    """[{kind, title, url, organ, when, due}]: the next things, those with a date first. At most seven queries."""
    found: list[Entry] = []
    if Role.LEADING_GROUP in user.roles and user.post == Post.HEAD:
        found += _plans_to_approve(user)
    if policy.may(user, "answer", Filing):
        found += _filings_to_answer(user)
    if Role.COUNTY_OFFICE in user.roles:
        found += [*_plans_of_office(user), *_inspections_of_office(user)]
    if policy.may(user, "do", Duty):
        found += _duties(user)
    if Role.TEAM_MEMBER in user.roles:
        found += _inspections_of_team(user)
    return sorted(found, key=lambda one: (one["due"] is None, one["due"] or one["when"], one["title"]))


def _entry(kind: str, title: str, url: str, organ: Any, when: Any, due: Any = None) -> Entry:
    return {"kind": kind, "title": title, "url": url, "organ": str(organ or ""), "when": when, "due": due}


def _plans_to_approve(user: Any) -> Iterator[Entry]:
    rows = policy.visible(user, AnnualPlan.objects.filter(status=PlanStatus.SUBMITTED), "approve")
    for plan in rows.select_related("county", "created_by__organ"):
        title = _("审批 %s") % plan
        yield _entry("plan_approve", title, _plan(plan), plan.created_by.organ, plan.updated_at)


def _plans_of_office(user: Any) -> Iterator[Entry]:
    """Drafts to submit, approved plans to file, waves that have not begun."""
    rows = policy.visible(user, AnnualPlan.objects.select_related("county", "created_by__organ"), "edit")
    waves = PlanEntry.objects.filter(plan=OuterRef("pk")).exclude(
        Exists(Round.objects.filter(plan=OuterRef("plan"), number=OuterRef("wave")))
    )
    for plan in rows.annotate(has_waves=Exists(waves), returned=returned("plan")).order_by("-year")[:MOST]:
        office, when = plan.created_by.organ, plan.updated_at
        if plan.status == PlanStatus.DRAFT:
            yield _entry("plan_draft", _("拟定 %s") % plan, _plan(plan), office, when)
        if plan.status == PlanStatus.APPROVED:
            yield _entry("plan_file", _("报市备案：%s") % plan, _plan(plan), office, when)
        if plan.status == PlanStatus.FILED and plan.returned:
            yield _entry("plan_revise", _("市里退回，修改后重报：%s") % plan, _plan(plan), office, when)
        if plan.status in (PlanStatus.APPROVED, PlanStatus.FILED) and plan.has_waves and not plan.returned:
            yield _entry("round_open", _("开展下一轮：%s") % plan, _plan(plan), office, when)


def _inspections_of_office(user: Any) -> Iterator[Entry]:
    """Without team, with one who must keep away, to be filed (by round); feedback to draft; to close."""
    rows = policy.visible(user, Inspection.objects.all(), "close")
    yield from _by_round(user, rows)
    after = rows.filter(status=Stage.AFTER).select_related("village__division", "township", "team")
    own = {"inspection": OuterRef("pk")}
    after = after.annotate(
        feedback_status=Subquery(Feedback.objects.filter(**own).values("status")[:1]),
        has_findings=Exists(Finding.objects.filter(**own, status=FindingStatus.CONFIRMED)),
    )
    for inspection in after.order_by("id")[:MOST]:
        entry = _after(user, inspection)
        if entry:
            yield entry


def _filings_to_answer(user: Any) -> Iterator[Entry]:
    """What counties filed and the city has not answered."""
    for one in waiting(user)[:MOST]:
        yield _entry("filing_answer", _("受理报备：%s") % one, one.get_absolute_url(), one.county.name, one.created_at)


def _by_round(user: Any, rows: "QuerySet[Inspection]") -> Iterator[Entry]:
    """What the office has to do with rounds, read in one statement."""
    of_round = ("round_id", "round__name", "round__starts_on")
    alone = rows.filter(status=Stage.BEFORE, team=None).values(*of_round).annotate(n=Count("id"))
    torn = in_conflict(rows).values(*of_round).annotate(n=Count("id"))
    found = gather(
        {
            "team": alone.order_by("round__starts_on").values_list(*of_round, "n")[:MOST],
            "recused": torn.order_by("round__starts_on").values_list(*of_round, "n")[:MOST],
            "round_file": to_file(user)[:MOST],
        }
    )
    words = {
        "team": _("%(round)s：%(count)s 个村还没有派组"),
        "recused": _("%(round)s：%(count)s 个村的巡察组有人须回避，请换人或换组"),
    }
    for kind, text in words.items():
        for pk, name, starts, count in found[kind]:
            title = text % {"round": name, "count": count}
            yield _entry(kind, title, _round(pk), user.organ, None, date.fromisoformat(starts))
    for pk, name, starts, ahead, again in found["round_file"]:
        text = _("市里退回，修改后重报：%s") if again else _("报市备案：%s")
        due = date.fromisoformat(starts) - timedelta(days=ahead)
        yield _entry("round_file", text % name, _round(pk), user.organ, None, due)


def _after(user: Any, inspection: Any) -> Entry | None:
    """Nothing while a drafted feedback waits for the head: what rectification makes of it says so (签发)."""
    name, written = inspection.place, inspection.feedback_status
    if written == FeedbackStatus.DRAFT:
        return None
    if written is None and inspection.has_findings:
        if user.post == Post.HEAD:
            return None
        url = reverse("inspections:feedback", args=[inspection.pk])
        return _entry("feedback_draft", _("起草反馈意见：%s") % name, url, inspection.team, inspection.updated_at)
    url = reverse("inspections:detail", args=[inspection.pk])
    return _entry("close", _("办结巡察：%s") % name, url, inspection.team, inspection.updated_at)


def _inspections_of_team(user: Any) -> Iterator[Entry]:
    """To enter, drafts to decide, to leave for leaders; the villages being inspected for everybody on the team."""
    own, led = _teams(rules.team(user)), _teams(rules.team_led(user))
    if not own:
        return
    rows = Inspection.objects.filter(status__in=OPEN_STAGES, team_id__in=own)
    rows = rows.select_related("village__division", "township", "team").annotate(**_papers(user))
    for inspection in rows.order_by("planned_from", "id")[:MOST]:
        yield from _of_team(inspection, inspection.team_id in led)


def _papers(user: Any) -> dict[str, Count]:
    """How many working papers of an inspection wait for this person: to sign, to review, to decide."""
    at = {one: Q(findings__status=one) for one in UNDECIDED}
    deputy, led = _teams(rules.team_deputy(user)), _teams(rules.team_led(user))
    leader = Q(team_id__in=set(led) - set(deputy))
    others, unsigned = ~Q(findings__inspector=user), ~Q(findings__second_inspector=user)
    return {
        "to_sign": Count("findings", filter=at[F.DRAFT] & Q(findings__second_inspector=user)),
        "to_review": Count("findings", filter=at[F.SIGNED] & Q(team_id__in=deputy) & others & unsigned),
        "to_decide": Count("findings", filter=at[F.REVIEWED] & leader & others),
    }


def _duties(user: Any) -> Iterator[Entry]:
    """Duties that this person may do and that are late or soon will be: one entry for each inspection (A5)."""
    rows: Any = policy.visible(user, Duty.objects.with_due().fitting(), "do")
    soon = rows.filter(waits=True, due_on__lte=today() + timedelta(days=SOON_DAYS))
    place = ("inspection__township__name", "inspection__village__division__name")
    found = soon.values("inspection_id", *place, "inspection__team__name", "inspection__updated_at")
    for one in found.annotate(n=Count("id"), due=Min("due_on")).order_by("due", "inspection_id")[:MOST]:
        name = f"{one[place[0]]} {Division(name=one[place[1]]).short_name}"
        title = _("责任清单 %(count)s 项：%(name)s") % {"count": one["n"], "name": name}
        url = reverse("inspections:duties", args=[one["inspection_id"]])
        yield _entry("duties", title, url, one["inspection__team__name"], one["inspection__updated_at"], one["due"])


def _teams(reach: Mapping[str, Any] | None) -> list[int]:
    return next(iter(reach.values()), []) if reach else []


def _of_team(inspection: Any, leads: bool) -> Iterator[Entry]:
    name, team = inspection.place, inspection.team
    url = reverse("inspections:detail", args=[inspection.pk])
    when, first, last = inspection.updated_at, inspection.planned_from, inspection.last_day
    if leads and inspection.status == Stage.BEFORE:
        yield _entry("enter", _("进驻 %s") % name, url, team, when, first)
    for kind, text, count in (
        ("findings_sign", _("签名底稿：%(name)s %(count)s 条"), inspection.to_sign),
        ("findings_review", _("初审底稿：%(name)s %(count)s 条"), inspection.to_review),
        ("findings_confirm", _("审定底稿：%(name)s %(count)s 条"), inspection.to_decide),
    ):
        if count:
            yield _entry(kind, text % {"name": name, "count": count}, url, team, when)
    if inspection.status == Stage.DURING:
        yield _entry("inspect", _("正在巡察 %s") % name, url, team, when, last)


def _round(pk: int) -> str:
    return reverse("inspections:round", args=[pk])


def _plan(plan: AnnualPlan) -> str:
    return reverse("inspections:plan", args=[plan.pk])
