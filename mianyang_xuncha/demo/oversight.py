"""What recurs in the demo: cured by a department, put before the committee, looked for by the villages themselves."""

from datetime import timedelta

from accounts.models import Division
from inspections.models import ChecklistItem, Term
from inspections.selectors.coverage import current_term
from oversight import services
from oversight.enums import Answer
from oversight.models import Circular, CommonIssue, SelfCheck, SelfCheckNotice
from oversight.selectors.common import detect
from villages.models import Village

from . import checks, circulars, clock
from .people import Cast

ANALYSIS = (
    "多个乡镇反复出现，根子在制度没有落到具体环节、日常监管缺位。"
    "建议由主管部门修订办法、开展专项检查，逐村核对整改，并把检查情况向乡镇党委通报。"
)


def common_issues(cast: Cast, county: Division, term: Term) -> None:
    """Thresholds that suit the villages inspected so far; nothing if no item reaches them."""
    with clock.on(clock.day(20)):
        services.set_thresholds(county=county, villages=3, townships=2, share=15, actor=cast["head"])
    found = [one for one in detect(cast["county"], county) if one.is_common][:2]
    for number, one in enumerate(found):
        report = circulars.report(cast, county, one.code, term.starts_on) if number == 0 else None
        with clock.on(clock.day(18 - number * 15)):
            issue = _opened(cast, county, one.code, report)
        if number == 0:
            _cured(cast, issue)


def _opened(cast: Cast, county: Division, code: str, report: Circular | None) -> CommonIssue:
    return services.open_issue(
        county=county,
        code=code,
        department=cast["agri"].organ,
        deadline=clock.today() + timedelta(days=60),
        analysis=ANALYSIS,
        actor=cast["county"],
        report=report,
    )


def _cured(cast: Cast, issue: CommonIssue) -> None:
    """Approved, taken on, and finished in the first village."""
    with clock.on(clock.day(16)):
        campaign = services.approve_issue(issue=issue, actor=cast["leader"]).campaign
    with clock.on(clock.day(14)):
        campaign = services.take_on(
            campaign=campaign,
            plan="修订管理办法，组织业务骨干逐村核查，问题当场列单、限期整改，纳入年度业务检查。",
            measure="对照问题逐项核查整改，结果在村务公开栏公示",
            deadline=campaign.deadline - timedelta(days=15),
            actor=cast["agri"],
        )
    with clock.on(clock.day(5)):
        services.finish_task(
            task=campaign.tasks.order_by("id")[0],
            result="已逐项核查并整改，结果公示七天，村民代表会议通报。",
            done_on=clock.today(),
            actor=cast["agri"],
        )


def self_checks(cast: Cast, county: Division, villages: dict[str, list[Village]]) -> None:
    """Before the first round of the year the villages not inspected looked at home; inspection came to some later."""
    notice = _notice(cast, county, checks.TITLE)
    if notice is None:
        return
    for prefix, own in villages.items():
        for number, village in enumerate(own[:4], 1):
            check = notice.checks.filter(village=village).first()
            if check is not None:
                _answered(cast, check, prefix, number)


def second_self_check(cast: Cast, county: Division) -> None:
    """About what the year's first round found; there is a week left to answer."""
    with clock.on(clock.day(12)):
        _notice(cast, county, "对照今年第一轮巡察发现的问题自查自改")


def _notice(cast: Cast, county: Division, title: str) -> SelfCheckNotice | None:
    """On the items found most by now; None where nothing has been found."""
    items = [one.code for one in detect(cast["county"], county)[: checks.ITEMS]]
    term = current_term(county.parent_id)
    if not items or term is None:
        return None
    known = ChecklistItem.objects.filter(code__in=items, checklist__county=None).order_by("code", "-checklist__number")
    return services.issue_notice(
        county=county,
        term=term,
        title=title,
        text=checks.TEXT,
        due_on=clock.today() + timedelta(days=checks.DAYS),
        items=list({one.code: one for one in known}.values()),
        actor=cast["county"],
    )


def _answered(cast: Cast, check: SelfCheck, prefix: str, number: int) -> None:
    """Most say 无; the third village of a township has answered and is not confirmed, the fourth has not answered."""
    if number > 3:
        return
    answers = {}
    for order, item in enumerate(check.notice.items.all()):
        found = order == number
        answers[item.pk] = (Answer.FIXED, "已补公示并建立台账") if found else (Answer.NONE, "")
    done = services.answer_check(check=check, answers=answers, actor=cast[f"{prefix}{number}v"])
    if number < 3:
        services.confirm_check(check=done, actor=cast[f"{prefix}secretary"])
