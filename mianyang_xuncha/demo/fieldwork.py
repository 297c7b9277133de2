"""What the teams of the demo did in the villages. People and words are invented, and the names say so."""

import csv
import random
import re
import uuid

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from inspections import services as inspecting
from inspections.enums import FOUR_VISITS, SIX_TALKS, DutyStatus, GapAnswer, paper_for
from inspections.models import Finding, Inspection
from inspections.selectors.fieldwork import citable
from inspections.selectors.papers import next_document_number
from inspections.transitions.papers import BLANK

from . import clock

Row = dict[str, str]


def rows() -> list[Row]:
    with (settings.BASE_DIR / "fixtures" / "demo_fieldwork.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def do_duties(inspection: Inspection, people: dict[str, User]) -> None:
    """The required duties of the present stage that fall to these: {"OFFICE": …, "LEADER": …, "TEAM": …}."""
    duties = inspection.duties.fitting().filter(status=DutyStatus.OPEN, template__stage=inspection.status)
    duties = duties.filter(template__required=True, template__who__in=people)
    for duty in duties.select_related("template").order_by("template__order"):
        inspecting.do_duty(duty=duty, actor=people[duty.template.who])


GAP = re.compile(BLANK + "([^）]*)）")
BLANKS = {
    "总体评价": "村党组织总体上能够履行职责，群众对村里工作基本认可，但在日常管理和监督上还有差距。",
    "原因": "学习不够经常，制度执行不够严格，日常监督不够到位。",
    "意见箱": "村便民服务室门口设意见箱，每日在村文化室接访",
    "电话": "0816-0000-000（虚构）",
}


def write_papers(inspection: Inspection, drafter: User, signer: User, *kinds: str) -> None:
    """Drafted from the data, what only people know filled in, and issued by another."""
    for kind in kinds:
        paper = inspecting.draft_paper(inspection=inspection, kind=paper_for(kind, inspection.mode), actor=drafter)
        texts = [GAP.sub(_filled, one["text"]) for one in paper.sections]
        paper = inspecting.edit_paper(paper=paper, actor=drafter, texts=texts)
        number = next_document_number(paper, clock.today().year)
        inspecting.issue_paper(paper=paper, actor=signer, document_number=number)


def _filled(blank: re.Match[str]) -> str:
    return next(text for word, text in BLANKS.items() if word in blank[1])


def confirm_by(finding: Finding, member: User, pick: random.Random) -> None:
    """A finding rests on one or two of the records that there were by then."""
    numbers = [one.number for one in citable(finding.inspection) if one.at <= timezone.now()]
    if numbers:
        pick.seed(f"{finding.inspection.number} {finding.title}")
        chosen = pick.sample(numbers, min(2, len(numbers)))
        inspecting.cite(finding=finding, actor=member, numbers=chosen)


class Village:
    """One inspection in its village: told by day, two days of work and the talks spread over them."""

    def __init__(self, inspection: Inspection, leader: User, member: User, pick: random.Random):
        self.inspection, self.leader, self.member = inspection, leader, member
        self.pick = pick
        self.rows = rows()

    def tell(self, entered: int, *, whole: bool) -> None:
        """`whole`: everything that there is to do; else the first half of it, as on the third day."""
        for number, row in enumerate(self._chosen(whole)):
            with clock.on(clock.day(max(entered - number // 5, 0))):
                self._record(row, number)
        if whole:
            self._explain(max(entered - 4, 0))

    def _chosen(self, whole: bool) -> list[Row]:
        kinds = (
            {"tell": 2, "talk": 7, "visit": 3, "read": 2} if whole else {"tell": 1, "talk": 3, "visit": 1, "read": 1}
        )
        found = []
        for kind, count in kinds.items():
            found += self.pick.sample([row for row in self.rows if row["type"] == kind], count)
        return found

    def _record(self, row: Row, number: int) -> None:
        common = {"inspection": self.inspection, "actor": self.member, "at": timezone.now(), "key": self._key()}
        pair = {"second_inspector": self.leader}
        source = {"person": f"演示对象{number + 1}（虚构）", "contact": f"0816-0000-{number:03}", "notes": row["text"]}
        if row["type"] == "talk":
            inspecting.record_conversation(kind=row["kind"], place=row["place"], **common, **pair, **source)
        elif row["type"] == "visit":
            announced = row["kind"] == "OPEN_DOOR"
            inspecting.record_visit(kind=row["kind"], announced=announced, **common, **pair, **source)
        elif row["type"] == "tell":
            reach = self.pick.randrange(30, 400, 10)
            inspecting.record_mobilisation(
                channel=row["kind"], place=row["place"], reach=reach, remark=row["text"], **common
            )
        else:
            year = f"{clock.today().year - 1} 年"
            inspecting.record_document(kind=row["kind"], title=row["text"], period=year, **common)

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.pick.getrandbits(128), version=4)

    def _explain(self, when: int) -> None:
        """What the leader says of the kinds that nobody was found of, and of a visit that was not made."""
        talked = set(self.inspection.conversations.values_list("kind", flat=True))
        visited = set(self.inspection.visits.values_list("kind", flat=True))
        none = [str(one) for one in SIX_TALKS if one not in talked]
        short = [str(one) for one in FOUR_VISITS if one not in visited]
        with clock.on(clock.day(when)):
            for kinds, answer, reason in (
                (none, GapAnswer.NONE_SUCH, "与村委会、老党员核对，本村现无此类常住对象。"),
                (short, GapAnswer.NOT_DONE, "驻村期间没有需要此种走访的事项。"),
            ):
                if kinds:
                    inspecting.explain_gaps(
                        inspection=self.inspection, actor=self.leader, kinds=kinds, answer=answer, reason=reason
                    )
