"""Assessments of the counties and appraisals within one, made through the services."""

from decimal import Decimal
from typing import Any

from common.calendar import today
from oversight import services
from oversight.models import Assessment, Commendation, Occasion
from tests.factories.world import World

SCHEME = {
    "COVERAGE": (30, 50),
    "ON_TIME": (20, 100),
    "CLOSED": (20, 80),
    "CONTENT": (10, 90),
    "CLUES": (10, 100),
    "TRUTHFUL": (10, 100),
}


def scheme(world: World, **given: Any) -> Assessment:
    """Drawn up by the city's officer."""
    year = given.pop("year", today().year)
    values: dict[str, Any] = {"title": f"{year} 年度目标考核", "note": "", "most_points": 5, "scheme": SCHEME} | given
    return services.draw_up_assessment(year=year, actor=world.city_officer, **values)


def in_force(world: World, **given: Any) -> Assessment:
    """Enforced by the city's head."""
    return services.enforce_assessment(assessment=scheme(world, **given), actor=world.people["city_head"])


def points(world: World, assessment: Assessment, points: str, reason: str, county: Any = None) -> Any:
    return services.give_points(
        assessment=assessment,
        county=county or world.county,
        points=Decimal(points),
        reason=reason,
        actor=world.city_officer,
    )


def publish(world: World, assessment: Assessment, *, is_ranked: bool = True) -> Assessment:
    return services.publish_assessment(assessment=assessment, is_ranked=is_ranked, actor=world.people["city_head"])


def appraisal(world: World, *, title: str = "年度激励考核", held: bool = True) -> Occasion:
    """The county's office appraises its teams."""
    told = {"people": "县委巡察办、各组组长", "record": "逐组评议，决定表扬。"} if held else {}
    return services.arrange_occasion(
        kind="APPRAISAL", county=world.county, title=title, day=today(), actor=world.county_officer, **told
    )


def commended(world: World, occasion: Occasion, **whom: Any) -> Commendation:
    given = {"text": "底稿扎实、印证充分。"} | whom
    return services.commend(occasion=occasion, actor=world.county_officer, **given)
