"""How counties, teams and members did in the demo: a result that is out, marks and commendations."""

from decimal import Decimal

from accounts.models import Division
from inspections.models import Inspection, Team
from oversight import services
from oversight.enums import Grade, Measure
from oversight.models import Assessment
from oversight.selectors.appraisals import to_be_marked

from . import clock
from .people import Cast

MARKED = 6  # inspections whose papers are marked
WEIGHTS = {
    Measure.COVERAGE: 25,
    Measure.ON_TIME: 25,
    Measure.CLOSED: 20,
    Measure.CONTENT: 10,
    Measure.CLUES: 10,
    Measure.TRUTHFUL: 10,
}


def counties(cast: Cast, county: Division, year: int) -> None:
    """This year's result is out, with points for one county; next year's scheme waits for the head."""
    with clock.on(clock.day(200)):
        draft = _scheme(cast, year, full_at=50)
        assessment = services.enforce_assessment(assessment=draft, actor=cast["cityhead"])
    with clock.on(clock.day(1)):
        services.give_points(
            assessment=assessment,
            county=county,
            points=Decimal("1.5"),
            reason="巡察公开栏做法在全市推广",
            actor=cast["city"],
        )
        services.publish_assessment(assessment=assessment, is_ranked=True, actor=cast["cityhead"])
    with clock.on(clock.day(0)):
        _scheme(cast, year + 1, full_at=80)


def _scheme(cast: Cast, year: int, full_at: int) -> Assessment:
    """Coverage has all its points at the year's target."""
    full = {Measure.COVERAGE: full_at, Measure.CONTENT: 90}
    return services.draw_up_assessment(
        year=year,
        title=f"{year} 年度巡察工作目标考核",
        note="得分由系统按全年数据算出，数据以各县（市、区）在系统内办理的为准。",
        most_points=5,
        scheme={str(one): (weight, full.get(one, 95)) for one, weight in WEIGHTS.items()},
        actor=cast["city"],
    )


def teams(cast: Cast, county: Division, year: int) -> None:
    """Told once the year's inspections are closed: the head marks the papers; the appraisal commends."""
    with clock.on(clock.day(296)):
        _appraise(cast, county, year)


def _appraise(cast: Cast, county: Division, year: int) -> None:
    closed = Inspection.objects.filter(county=county, round__plan__year=year, status="CLOSED")
    for number, inspection in enumerate(closed.order_by("-pk")[:MARKED]):
        members = to_be_marked(inspection, cast["head"])
        marks = {one.user_id: (str(Grade.GOOD), "事实清楚、印证充分") for one in members}
        if number == 0 and members:
            marks[members[-1].user_id] = (str(Grade.POOR), "谈话印证偏少，入户情况写得笼统")
        if marks:
            services.mark_papers(inspection=inspection, marks=marks, actor=cast["head"])
    appraisal = services.arrange_occasion(
        kind="APPRAISAL",
        county=county,
        title=f"{year} 年度巡察组激励考核",
        day=clock.today(),
        people="县委巡察办、各巡察组组长",
        record="逐组评议底稿质量和整改效果，决定表扬一个组、一名组员，问题较多的组由组长带回讲评。",
        actor=cast["county"],
    )
    team = (
        Team.objects.filter(round__county=county, round__plan__year=year)
        .filter(members__isnull=False)
        .order_by("-pk")
        .first()
    )
    if team is not None:
        services.commend(
            occasion=appraisal, text="底稿扎实，没有一条因事实不清被退回。", team=team, actor=cast["county"]
        )
        best = team.members.order_by("pk").first()
        if best is not None:
            services.commend(
                occasion=appraisal, text="带队走访最细，印证最充分。", member=best.user, actor=cast["county"]
            )
