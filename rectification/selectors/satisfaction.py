"""满意度 (E9) of an item: what it adds up to, and how much of it a reader may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from common import policy
from common.small_counts import blurred
from common.wording import tenth
from rectification.enums import PollChannel
from rectification.models import CountySetting, RectificationItem, SatisfactionCount

LEAST_PERCENT, FEWEST = 80, 5  # shipped; a county may set its own


@dataclass(frozen=True)
class Satisfaction:
    """The counts of the present attempt against the county's threshold; `percent` counts 满意 and 基本满意."""

    asked: int
    content: int
    least: int
    fewest: int

    @property
    def percent(self) -> float | None:
        return self.content * 100 / self.asked if self.asked else None

    @property
    def enough(self) -> bool:
        """Fewer than the setting say nothing about the village, and much about who was asked."""
        return self.asked >= self.fewest

    @property
    def is_low(self) -> bool:
        return self.enough and self.content * 100 < self.least * self.asked


def was_polled() -> Q:
    """Items about which villagers were asked in the present attempt."""
    mine = SatisfactionCount.objects.filter(item=OuterRef("pk"), attempt=OuterRef("attempt"))
    return Q(Exists(mine))


def polls_of(item: RectificationItem) -> list[SatisfactionCount]:
    return list(SatisfactionCount.objects.filter(item=item, attempt=item.attempt).order_by("-id"))


def satisfaction_of(item: RectificationItem, polls: Sequence[SatisfactionCount] | None = None) -> Satisfaction:
    polls = polls_of(item) if polls is None else polls
    setting = CountySetting.objects.filter(county=item.county_id).first()
    return Satisfaction(
        asked=sum(one.asked for one in polls),
        content=sum(one.satisfied + one.fair for one in polls),
        least=setting.satisfaction_least if setting else LEAST_PERCENT,
        fewest=setting.satisfaction_fewest if setting else FEWEST,
    )


def told_to(user: User, item: RectificationItem) -> dict[str, Any]:
    """What the item's page says: all counts to the county's office, to others whether it is enough, and no number from
    which anybody could tell who said what. {rows, words, tone, least} or {} while nobody was asked.
    """
    polls = polls_of(item)
    if not polls:
        return {}
    found, exact = satisfaction_of(item, polls), policy.allows(user, "count", item)
    if not found.enough:
        words, tone = "few", ""
    else:
        words, tone = ("low", "red") if found.is_low else ("met", "green")
    rows = [_row(channel, polls) for channel in PollChannel] if exact else []
    return {
        "rows": [row for row in rows if row["asked"]],
        "asked": found.asked if exact else blurred(found.asked),
        "percent": tenth(found.percent or 0) if exact else "",
        "standing": words,
        "tone": tone,
        "least": found.least,
        "fewest": found.fewest,
    }


def _row(channel: PollChannel, polls: Sequence[SatisfactionCount]) -> dict[str, Any]:
    mine = [one for one in polls if one.channel == channel]
    sums = {name: sum(getattr(one, name) for one in mine) for name in ("asked", "satisfied", "fair", "unsatisfied")}
    return {"label": channel.label, "last": max((one.polled_on for one in mine), default=None), **sums}
