"""What several stories do on the same pages."""

import re

from inspections.models import Inspection
from tests.e2e.visitors import Visitor


def tick_duties(one: Visitor, inspection: Inspection) -> int:
    """Tick all duties that fall to this person in the present stage, in one press; returns how many."""
    one.go(f"/inspections/{inspection.pk}/duties/")
    boxes = one.page.locator("#main [name=ids]").all()
    assert boxes, "nothing falls to this person"
    for box in boxes:
        box.check()
    one.press("所选事项今天办结")
    one.sees(f"已办 {len(boxes)} 项")
    return len(boxes)


def submit_and_approve(officer: Visitor, leading: Visitor, plan: str) -> None:
    """The plan at this address goes to the county committee's head, who approves it."""
    officer.go(plan)
    officer.press("提交审批", confirm=True)
    officer.sees("已办理")
    leading.go(plan)
    leading.press("批准", confirm=True)
    leading.sees("已批准")


def draft(one: Visitor, inspection: Inspection, label: str) -> None:
    """Draft a paper and fill in what only people know."""
    one.go(inspection.get_absolute_url())
    one.press(re.compile(rf"起草\s*{label}"))
    one.sees("已起草")
    blanks = 0
    for area in one.page.locator("textarea").all():
        text = area.input_value()
        if "（请填写" in text:
            area.fill(re.sub(r"（请填写[^）]*）", "见村务公开栏", text))
            blanks += 1
    if blanks:
        one.press("保存")
        one.sees("文书已保存")


def issue(one: Visitor, inspection: Inspection, kind: str) -> None:
    one.go(f"{inspection.papers.get(kind=kind).get_absolute_url()}issue/")
    one.press("签发")
    one.sees("已签发")


def talk(one: Visitor, inspection: Inspection, second: int, person: str) -> None:
    """A talk with an old teacher in a courtyard; `second` is the other inspector's key."""
    one.go(inspection.get_absolute_url())
    one.follow("谈一次")
    one.choose(kind="OLD_TEACHER", place="COURTYARD")
    one.fill(person=person, notes="公开栏常年不换", second_inspector=str(second))
    one.press("登记")
    one.sees("已登记 T-01")


def tell_gaps(leader: Visitor, inspection: Inspection) -> None:
    """Why the rest of 六必谈 and 四必访 was not done."""
    leader.go(f"/inspections/{inspection.pk}/gaps/")
    boxes = leader.page.locator("#main [name=kinds]").all()
    for box in boxes:
        box.check()
    leader.choose(answer="NOT_DONE")
    leader.fill(reason="汛期道路中断，改日补谈")
    leader.press("保存说明")
    leader.sees(f"已说明 {len(boxes)} 项")
