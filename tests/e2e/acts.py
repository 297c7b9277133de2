"""What several stories do on the same pages."""

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
