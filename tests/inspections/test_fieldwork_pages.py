"""The short pages of the field, without JavaScript: open, press, done; wrong people and wrong stages get nowhere."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inspections import services
from inspections.models import ConsultedDocument, Conversation, FieldworkGap, Mobilisation, Visit
from tests.factories import inspections as build
from tests.factories import rectification as make


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def page(name, one):
    return reverse(f"inspections:{name}", args=[one.pk])


def values(world, name):
    own = {
        "talk_new": {
            "kind": "VETERAN",
            "place": "FIELD",
            "second_inspector": world.spare_member.pk,
            "person": "孙演示",
        },
        "visit_new": {"kind": "FOCUSED", "announced": "yes", "second_inspector": world.spare_member.pk},
        "mobilisation_new": {"channel": "POSTER", "place": "路口", "reach": "120"},
        "document_new": {"kind": "MINUTES", "title": "村民代表会议记录"},
    }
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    partner = {"second_inspector": world.spare_member.pk} if name in ("talk_new", "visit_new") else {}
    return own[name] | partner | {"at": now, "key": str(uuid.uuid4())}


MODELS = {
    "talk_new": Conversation,
    "visit_new": Visit,
    "mobilisation_new": Mobilisation,
    "document_new": ConsultedDocument,
}
EACH = pytest.mark.parametrize("name", MODELS)


@EACH
def test_a_record_is_one_page_and_one_press(world, inspection, signed_in, name):
    client = signed_in(world.team_member)
    assert client.get(page(name, inspection)).status_code == 200
    told = client.post(page(name, inspection), values(world, name), follow=True).content.decode()
    assert f"已登记 {MODELS[name].prefix}-01" in told
    assert MODELS[name].objects.get().inspector == world.team_member


@EACH
def test_the_same_form_sent_twice_is_one_record(world, inspection, signed_in, name):
    client, sent = signed_in(world.team_member), values(world, name)
    codes = [client.post(page(name, inspection), sent).status_code for _time in range(3)]
    assert (codes, MODELS[name].objects.count()) == ([302] * 3, 1)


def test_the_same_form_sent_back_changed_is_a_conflict(world, inspection, signed_in):
    client, sent = signed_in(world.team_member), values(world, "talk_new")
    client.post(page("talk_new", inspection), sent)
    assert client.post(page("talk_new", inspection), sent | {"person": "李演示"}).status_code == 409


@EACH
def test_what_is_missing_is_said_and_what_was_written_stays(world, inspection, signed_in, name):
    sent = values(world, name)
    del sent["kind" if "kind" in sent else "channel"]
    response = signed_in(world.team_member).post(page(name, inspection), sent)
    assert response.status_code == 422
    assert all(text in response.content.decode() for text in (sent.get("person", ""), sent.get("title", "")))
    assert not MODELS[name].objects.exists()


@EACH
def test_a_key_that_is_none_is_refused(world, inspection, signed_in, name):
    sent = values(world, name)
    for key in ("", "x"):
        assert signed_in(world.team_member).post(page(name, inspection), sent | {"key": key}).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("county_officer", 403), ("leading_group", 403), ("sysadmin", 403)])
@EACH
def test_the_pages_are_the_teams(world, inspection, signed_in, name, who, status):
    client = signed_in(world.people[who])
    assert client.get(page(name, inspection)).status_code == status
    assert client.post(page(name, inspection), values(world, name)).status_code == status


@pytest.mark.parametrize("name", ["talk_new", "visit_new"])
def test_before_the_entering_the_page_sends_back_with_the_reason(world, signed_in, name):
    inspection = build.arranged_inspection(world)
    told = signed_in(world.team_member).get(page(name, inspection), follow=True).content.decode()
    assert "进驻之后才能登记谈话和走访" in told


def test_the_page_goes_on_with_the_next_and_offers_the_partner_again(world, inspection, signed_in):
    client = signed_in(world.team_member)
    sent = values(world, "talk_new") | {"then": "again"}
    response = client.post(page("talk_new", inspection), sent)
    assert response.url == page("talk_new", inspection)
    form = client.get(response.url).context["form"]
    assert form["second_inspector"].initial == world.spare_member
    assert "second_inspector" in [one.name for one in form.later]


def test_a_kind_that_is_missing_is_one_press_away(world, inspection, signed_in):
    client = signed_in(world.team_member)
    assert "talks/new/?kind=GENTRY" in client.get(inspection.get_absolute_url()).content.decode()
    form = client.get(page("talk_new", inspection), {"kind": "GENTRY"}).context["form"]
    assert form["kind"].value() == "GENTRY"


def test_no_form_of_a_source_keeps_a_draft_in_the_browser(world, inspection, signed_in):
    client = signed_in(world.team_member)
    for name in MODELS:
        assert "data-draft" not in client.get(page(name, inspection)).content.decode()


def test_a_photo_goes_along(world, inspection, signed_in):
    sent = values(world, "mobilisation_new") | {"attachments": make.photo("摆摊.jpg")}
    told = signed_in(world.team_member).post(page("mobilisation_new", inspection), sent, follow=True).content.decode()
    assert "摆摊.jpg" in told


# correcting, taking back


def test_a_correction_shows_what_is_known_but_not_who_spoke(world, inspection, signed_in):
    talk = build.conversation(world, inspection)
    text = signed_in(world.team_leader).get(page("talk_edit", talk)).content.decode()
    assert "李演示" not in text
    sent = {"kind": "OLD_CADRE", "place": "FIELD", "second_inspector": world.spare_member.pk, "version": talk.version}
    sent |= {"at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    assert signed_in(world.team_leader).post(page("talk_edit", talk), sent).status_code == 302
    talk.refresh_from_db()
    assert (talk.kind, talk.person.reveal()) == ("OLD_CADRE", "李演示")
    assert signed_in(world.team_leader).post(page("talk_edit", talk), sent).status_code == 409


def test_taking_back_asks_for_one_of_the_reasons(world, inspection, signed_in):
    talk, client = build.conversation(world, inspection), signed_in(world.team_leader)
    assert "将作废" in client.get(page("talk_void", talk)).content.decode()
    assert client.post(page("talk_void", talk), {"reason": "x"}).status_code == 422
    assert "已作废" in client.post(page("talk_void", talk), {"reason": "MISTAKE"}, follow=True).content.decode()
    assert client.post(page("talk_void", talk), {"reason": "MISTAKE"}).status_code == 409


def test_what_a_finding_rests_on_is_not_taken_back(world, inspection, signed_in):
    talk, finding = build.conversation(world, inspection), build.draft_finding(world, inspection)
    services.cite(finding=finding, actor=world.team_member, numbers=["T-01"])
    told = signed_in(world.team_leader).get(page("talk_void", talk), follow=True).content.decode()
    assert "有问题引用了T-01作印证" in told


# what is missing


def test_several_gaps_are_explained_at_once(world, inspection, signed_in):
    sent = {"kinds": ["VETERAN", "GENTRY"], "answer": "NONE_SUCH", "reason": "与村委会核对"}
    told = signed_in(world.team_member).post(page("gaps", inspection), sent, follow=True).content.decode()
    assert "已说明 2 项" in told
    assert "本村无此类对象" in told


def test_a_member_who_answers_for_the_leader_is_refused(world, inspection, signed_in):
    sent = {"kinds": ["VETERAN"], "answer": "NOT_DONE", "reason": "汛期"}
    assert signed_in(world.team_member).post(page("gaps", inspection), sent).status_code == 403
    assert not FieldworkGap.objects.exists()


def test_the_page_says_what_is_wrong_with_an_answer(world, inspection, signed_in):
    client = signed_in(world.team_leader)
    for sent in (
        {"kinds": [], "answer": "NOT_DONE", "reason": "汛期"},
        {"kinds": ["FOLLOW_UP"], "answer": "NONE_SUCH", "reason": "没有"},
        {"kinds": ["VETERAN"], "answer": "NOT_DONE", "reason": ""},
    ):
        assert client.post(page("gaps", inspection), sent).status_code == 422


# lists


@pytest.mark.parametrize("who", ["county_officer", "team_member", "leading_group"])
def test_the_register_takes_the_same_queries_with_one_and_three_rows(world, inspection, signed_in, who):
    client = signed_in(world.people[who])
    records = (build.conversation, build.visit, build.mobilisation, build.document)
    for record in records:
        record(world, inspection)
    client.get(page("fieldwork", inspection))

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page("fieldwork", inspection)).status_code == 200
        return len(queries)

    before = counted()
    for record in records * 2:
        record(world, inspection)
    assert counted() == before <= 18


def test_the_desk_offers_the_acts_of_the_field(world, inspection, signed_in):
    told = signed_in(world.team_member).get("/").content.decode()
    assert all(page(name, inspection) in told for name in MODELS)
