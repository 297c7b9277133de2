"""The township's and a supervisor's whole work with JavaScript switched off."""

import pytest

from rectification.models import RectificationItem
from tests.e2e.visitors import Visit, give_passwords
from tests.factories import rectification as make
from tests.factories.world import World

pytestmark = pytest.mark.chromium


def test_a_township_accepts_reports_and_submits_without_javascript(cast: World, visitor: Visit):
    item = make.assigned_items(cast, findings=1)[0]
    give_passwords(cast.township_secretary)
    secretary = visitor(javascript=False).sign_in("township_secretary")
    secretary.go("/rectification/tasks/")
    secretary.follow(item.finding.title)
    secretary.follow("签收")
    secretary.press("再加两条")
    secretary.fill(measures__0__text="名单补公示七天", measures__3__text="修订公示制度")
    secretary.fill(**{f"{kind}_name": one["name"] for kind, one in make.people().items()})
    secretary.press("签收")
    secretary.sees("已签收", "名单补公示七天", "修订公示制度")
    secretary.follow("报进展")
    secretary.fill(text="名单已经公示七天。", proxy_reason="NO_SIGNAL")
    secretary.attach("公开栏.jpg", make.JPEG, "image/jpeg", field="evidence")
    secretary.press("提交")
    secretary.sees("进展已报", "公开栏.jpg")
    secretary.follow("提交验收")
    secretary.press("提交验收")
    secretary.sees("已提交", "监督核查中")
    item = RectificationItem.objects.get()
    assert item.status == "UNDER_SUPERVISION"
    assert item.measures.count() == 2


def test_a_supervisor_signs_without_javascript(cast: World, visitor: Visit):
    item = make.submitted_item(cast)
    give_passwords(cast.supervisor)
    supervisor = visitor(javascript=False).sign_in("supervisor")
    supervisor.go("/")
    supervisor.follow(item.finding.title)
    supervisor.choose(result="PASS", method="ON_SITE")
    supervisor.fill(place="公开栏", opinion="到公开栏看过，名单在。")
    supervisor.press("签署")
    supervisor.sees("已签署", "到公开栏看过，名单在。")
    check = item.checks.get()
    assert (check.signer, check.result) == (cast.supervisor, "PASS")


def test_a_head_issues_feedback_without_javascript(cast: World, visitor: Visit):
    feedback = make.drafted_feedback(cast, findings=2)
    head = visitor(javascript=False).enter(cast.county_head)
    head.go(feedback.get_absolute_url())
    head.follow("核对并签发")
    head.press("签发并交办 2 件")
    head.sees("交办整改事项 2 件")
    assert RectificationItem.objects.count() == 2


def test_a_township_accepts_a_batch_without_javascript(cast: World, visitor: Visit):
    """The question is a page of its own, and asks only for what is still missing."""
    make.assigned_items(cast, findings=2)
    secretary = visitor(javascript=False).enter(cast.township_secretary)
    secretary.go("/rectification/?t=assigned")
    for box in secretary.page.locator("#main input[name=ids]").all():
        box.check()
    secretary.press("批量签收")
    secretary.sees(make.TITLES[0], make.TITLES[1])
    for field in secretary.page.locator("#main textarea").all():
        field.fill("名单补公示七天")
    secretary.fill(**{f"{kind}_name": one["name"] for kind, one in make.people().items()})
    secretary.page.locator("#main .formfoot .btn-primary").click()
    secretary.sees("已签收 2 件")
    assert set(RectificationItem.objects.values_list("status", flat=True)) == {"IN_PROGRESS"}
