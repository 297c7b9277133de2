"""What recurs in the demo: one common issue is being cured by a department, a second waits for the committee."""

from datetime import timedelta

from accounts.models import Division
from oversight import services
from oversight.models import CommonIssue
from oversight.selectors.common import detect

from . import clock
from .people import Cast

ANALYSIS = (
    "多个乡镇反复出现，根子在制度没有落到具体环节、日常监管缺位。"
    "建议由主管部门修订办法、开展专项检查，逐村核对整改，并把检查情况向乡镇党委通报。"
)


def common_issues(cast: Cast, county: Division) -> None:
    """Thresholds that suit the few villages inspected so far; nothing if no item reaches them."""
    with clock.on(clock.day(20)):
        services.set_thresholds(county=county, villages=3, townships=2, share=20, actor=cast["head"])
    found = [one for one in detect(cast["county"], county) if one.is_common][:2]
    for number, one in enumerate(found):
        with clock.on(clock.day(18 - number * 15)):
            issue = _opened(cast, county, one.code)
        if number == 0:
            _cured(cast, issue)


def _opened(cast: Cast, county: Division, code: str) -> CommonIssue:
    return services.open_issue(
        county=county,
        code=code,
        department=cast["agri"].organ,
        deadline=clock.today() + timedelta(days=60),
        analysis=ANALYSIS,
        actor=cast["county"],
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
