"""Papers on their pages: drafted, saved, issued, corrected, taken away as Word (H3)."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from common import audit
from common.calendar import today
from inspections import services
from inspections.models import Paper
from tests.factories import inspections as build

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def inspection(world):
    return build.arranged_inspection(world)


@pytest.fixture
def plan(world, inspection):
    return services.draft_paper(inspection=inspection, kind="PLAN", actor=world.county_officer)


def issued(world, paper, **changes):
    values = {"actor": world.county_head, "document_number": "涪巡方案〔2026〕1号"} | changes
    return services.issue_paper(paper=paper, **values)


def url(name, paper):
    return reverse(f"inspections:{name}", args=[paper.pk])


def test_draft_button_makes_the_paper(world, inspection, signed_in):
    client = signed_in(world.county_officer)
    page = client.get(inspection.get_absolute_url()).content.decode()
    assert 'value="PLAN"' in page
    assert 'value="REPORT"' not in page
    answer = client.post(reverse("inspections:paper_draft", args=[inspection.pk]), {"kind": "PLAN"})
    assert answer["Location"] == Paper.objects.get().get_absolute_url()


@pytest.mark.parametrize("kind", ["", "LETTER"])
def test_unknown_kinds_are_refused(world, inspection, signed_in, kind):
    signed_in(world.county_officer).post(reverse("inspections:paper_draft", args=[inspection.pk]), {"kind": kind})
    assert not Paper.objects.exists()


def form_of(paper, **changes):
    sections = {f"section_{order}": one["text"] for order, one in enumerate(paper.sections)}
    return {"title": paper.title, "to": "", "issuer": paper.issuer, "version": paper.version} | sections | changes


def test_page_saves_each_section(world, plan, signed_in):
    answer = signed_in(world.county_officer).post(plan.get_absolute_url(), form_of(plan, section_1="新的对象"))
    plan.refresh_from_db()
    assert (answer.status_code, plan.sections[1]["text"]) == (302, "新的对象")


def test_page_shows_what_is_wrong(world, plan, signed_in):
    answer = signed_in(world.county_officer).post(plan.get_absolute_url(), form_of(plan, title=""))
    assert answer.status_code == 422


def test_saving_an_issued_paper_is_a_conflict(world, plan, signed_in):
    issued(world, plan)
    assert signed_in(world.county_officer).post(plan.get_absolute_url(), form_of(plan)).status_code == 409


def test_readers_get_the_text_without_a_form(world, plan, signed_in):
    page = signed_in(world.leading_group).get(plan.get_absolute_url()).content.decode()
    assert "一、巡察对象" in page
    assert "section_1" not in page


def test_renewing_asks_first(world, plan, signed_in):
    client = signed_in(world.county_officer)
    services.edit_paper(paper=plan, actor=world.county_officer, title="手工")
    assert client.post(url("paper_renew", plan), {"confirmed": "1", "version": plan.version}).status_code == 409
    asked = client.post(url("paper_renew", plan)).content.decode()
    assert Paper.objects.get().title == "手工"
    assert f'name="version" value="{plan.version + 1}"' in asked
    client.post(url("paper_renew", plan), {"confirmed": "1", "version": plan.version + 1})
    assert Paper.objects.get().title == plan.title


def test_issue_page_offers_the_number_and_issues(world, plan, signed_in):
    client = signed_in(world.county_head)
    assert f"涪巡方案〔{today().year}〕1号" in client.get(url("paper_issue", plan)).content.decode()
    data = {"document_number": "涪巡方案〔2026〕8号", "on": today(), "version": plan.version}
    assert client.post(url("paper_issue", plan), data)["Location"] == plan.get_absolute_url()
    assert Paper.objects.get().document_number == "涪巡方案〔2026〕8号"
    assert client.post(url("paper_issue", plan), data).status_code == 409


def test_issue_page_with_an_old_version_is_a_conflict(world, plan, signed_in):
    data = {"document_number": "1号", "on": today(), "version": plan.version + 1}
    assert signed_in(world.county_head).post(url("paper_issue", plan), data).status_code == 409


def test_correcting_asks_first_and_opens_the_new_edition(world, plan, signed_in):
    client = signed_in(world.county_officer)
    issued(world, plan)
    assert client.post(url("paper_correct", plan)).status_code == 200
    client.post(url("paper_correct", plan), {"confirmed": "1"})
    assert Paper.objects.count() == 2
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "这不是最新的一版" in page


@pytest.mark.parametrize("name", ["paper_renew", "paper_correct"])
def test_acts_take_no_get(world, plan, signed_in, name):
    assert signed_in(world.county_officer).get(url(name, plan)).status_code == 405


def test_download_is_a_word_file_with_its_chinese_name_and_is_not_kept(world, plan, signed_in):
    answer = signed_in(world.team_member).get(url("paper_file", plan))
    assert answer["Content-Type"] == DOCX
    assert "filename*=utf-8''%E9%9D%92%E4%B9%89" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store, private"


def test_download_out_of_reach_is_not_found_and_leaves_no_record(world, plan, signed_in):
    assert signed_in(world.other_county_officer).get(url("paper_file", plan)).status_code == 404
    assert "download" not in audit.history(plan).values_list("action", flat=True)


def test_feedback_comes_as_a_word_file_with_its_list(world, signed_in):
    feedback = build.issued_feedback(world)
    answer = signed_in(world.county_officer).get(reverse("inspections:feedback_file", args=[feedback.inspection_id]))
    document = Document(BytesIO(answer.content))
    lines = [one.text for one in document.paragraphs if one.text]
    assert lines[1:3] == ["涪巡办反〔2026〕1号", "关于巡察青义镇龙门村情况的反馈意见"]
    assert "青义镇党委、龙门村党组织：" in lines
    assert document.tables[0].rows[1].cells[2].text == "问题之1"


def test_feedback_in_other_words_still_comes_whole(world):
    feedback = build.feedback_draft(world)
    feedback = services.edit_feedback(feedback=feedback, actor=world.county_officer, opinion="只有一段。")
    _name, content = services.feedback_file(feedback=feedback, actor=world.county_officer)
    assert "只有一段。" in [one.text for one in Document(BytesIO(content)).paragraphs]


def test_page_asks_the_same_number_of_questions_with_three_papers(world, inspection, plan, signed_in):
    from tests.inspections.test_queries import counted

    client = signed_in(world.county_officer)
    before = counted(client, inspection.get_absolute_url())
    for kind in ("NOTICE", "OUTLINE"):
        services.draft_paper(inspection=inspection, kind=kind, actor=world.team_member)
    assert counted(client, inspection.get_absolute_url()) == before
