"""In a real browser: a clue from the team to one named person and back, and nothing of it on the township's screen."""

import pytest
from playwright.sync_api import expect

from rectification.models import Clue
from tests.e2e.visitors import Visit
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.world import World

pytestmark = pytest.mark.chromium
SAID = "狴犴密事在此"


def test_a_clue_is_proposed_approved_handed_over_signed_for_and_answered(cast: World, visitor: Visit):
    make.deadlines()
    inspection = build.running_inspection(cast)
    township = visitor(width=390).enter(cast.township_secretary)
    leader = visitor().enter(build.fresh(cast.team_leader))
    leader.go(f"/rectification/inspections/{inspection.pk}/clues/new/")
    leader.fill(seal_number="密封 0007", pages="3", body=SAID)
    leader.press("提出，报负责人审批")
    leader.sees("等县委巡察办负责人审批", "密封 0007")
    clue = Clue.objects.get()
    path = clue.get_absolute_url()

    head = visitor().enter(cast.county_head)
    head.go(path)
    head.follow("同意移交")
    head.fill(receiver=str(cast.county_discipline.pk))
    head.press("同意移交")
    head.sees("已同意移交")
    expect(head.main).not_to_contain_text(SAID)

    officer = visitor().enter(cast.county_officer)
    officer.go(path)
    officer.press("移交", confirm=True)
    officer.sees("待签收")

    assert leader.go(path).status == 404

    receiver = visitor(width=390).enter(cast.county_discipline)
    receiver.go(path)
    receiver.press("签收", confirm=True)
    receiver.sees("办理中")
    receiver.press("打开密封内容")
    receiver.sees(SAID)
    receiver.go(path)
    receiver.follow("登记处理结果")
    receiver.choose(outcome="TALKED")
    receiver.press("登记")
    receiver.sees("谈话函询、批评教育")
    receiver.follow("答复结果")
    receiver.choose(result="DEALT")
    receiver.fill(answer_number="纪函 9 号")
    receiver.press("答复结果")
    receiver.sees("已答复")

    officer.go(path)
    officer.sees("谈话提醒、批评教育或其他处理", "纪函 9 号")
    officer.press("办结", confirm=True)
    officer.sees("已办结")
    assert Clue.objects.get().status == "CLOSED"

    for page in ("/", "/rectification/", "/inbox/", f"/search/?q={clue.number}"):
        township.go(page)
        for word in (clue.number, "线索", SAID):
            if page.startswith("/search/") and word == clue.number:
                continue  # the word that was asked for stands in the box
            expect(township.main).not_to_contain_text(word)
    assert township.go(path).status == 403
