"""The trail as the security auditor reads it."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from common import audit
from common.audit_words import WORDS, action_word, actions, changes_of
from common.calendar import today
from common.models import AuditEvent


@pytest.fixture
def auditor(client, world):
    client.force_login(world.auditor)
    return client


@pytest.fixture
def events(world):
    audit.record("sign_in", world.county_officer, actor=world.county_officer)
    audit.record("sign_in", "accounts.User", actor="ghost", result="FAILED")
    audit.record("export", "villages.Village", actor=world.county_head, note="=HYPERLINK(1)")
    audit.record("edit_user", world.township_officer, actor=world.sysadmin, changes={"phone": ["1", "2"]})


def shown(auditor, **asked):
    """Without what the world itself began with."""
    rows = auditor.get("/accounts/audit/", asked).context["page"].rows
    return [f"{one.action}:{one.actor_text}" for one in rows if one.action != "cast"]


def test_newest_first(auditor, events):
    assert [one.split(":")[0] for one in shown(auditor)] == ["edit_user", "export", "sign_in", "sign_in"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"person": "county_officer"}, 1),
        ({"person": "县巡察办主任"}, 1),
        ({"person": "ghost"}, 1),
        ({"person": "nobody"}, 0),
        ({"action": "sign_in"}, 2),
        ({"result": "FAILED"}, 1),
        ({"object_type": "villages.Village"}, 1),
        ({"object_text": "镇党委干部"}, 1),
        ({"since": today().isoformat()}, 4),
        ({"until": (today() - timedelta(days=1)).isoformat()}, 0),
        ({"action": "sign_in", "result": "OK"}, 1),
    ],
)
def test_narrowed_by_person_object_action_result_and_date(auditor, events, asked, count):
    assert len(shown(auditor, **asked)) == count


def test_dates_the_wrong_way_round_are_explained(auditor, events):
    response = auditor.get("/accounts/audit/", {"since": "2026-02-02", "until": "2026-01-01"})
    assert response.status_code == 422
    assert "截止日期不能早于起始日期" in response.content.decode()


def test_the_export_holds_the_filtered_rows_and_is_on_record(auditor, events, world):
    response = auditor.get("/accounts/audit/export/", {"action": "sign_in"})
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert [row[2] for row in rows[1:]] == ["登录", "登录"]
    last = AuditEvent.objects.latest("id")
    assert (last.action, last.actor, last.changes) == ("export", world.auditor, {"action": ["", "sign_in"]})


def test_no_cell_of_the_export_is_a_formula(auditor, events):
    text = b"".join(auditor.get("/accounts/audit/export/").streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize("name", ["sysadmin", "county_head", "city_officer", "leading_group", "village_secretary"])
def test_nobody_else_reads_the_trail(client, world, name):
    client.force_login(world.people[name])
    assert client.get("/accounts/audit/").status_code == client.get("/accounts/audit/export/").status_code == 403


def test_a_refused_visit_is_on_record(client, world):
    client.force_login(world.county_head)
    client.get("/accounts/audit/")
    event = AuditEvent.objects.get(result="DENIED")
    assert (event.actor, event.object_type) == (world.county_head, "/accounts/audit/")


def test_moves_are_named_by_their_model(db):
    assert action_word("return", "inspections.AnnualPlan") == "退回修改"
    assert action_word("return", "rectification.RectificationItem") == "退回补充"
    assert action_word("never_heard", "accounts.User") == "never_heard"


def test_every_word_stands_in_the_filter():
    assert set(WORDS) <= {name for name, _ in actions()}


def test_the_page_takes_the_same_queries_for_4_and_50_events(auditor, events, django_assert_num_queries):
    auditor.get("/accounts/audit/")
    with django_assert_num_queries(5):
        auditor.get("/accounts/audit/")
    for _ in range(50):
        audit.record("sign_in", "accounts.User", actor="ghost")
    with django_assert_num_queries(5):
        auditor.get("/accounts/audit/")


def test_fields_states_and_moments_are_told_in_words(auditor, world):
    audit.record(
        "extend",
        "rectification.Extension",
        actor=world.county_officer,
        source="ASKED",
        target="GRANTED",
        changes={
            "decided_by": [None, "陈雨"],
            "decided_at": [None, "2026-03-01T02:30:00+00:00"],
            "unknown": ["甲", True],
        },
    )
    page = auditor.get("/accounts/audit/").content.decode()
    text = b"".join(auditor.get("/accounts/audit/export/", {"action": "extend"}).streaming_content).decode()
    for said in (page, text):
        assert "审批人" in said
        assert "2026-03-01 10:30:00" in said
        assert [code for code in ("decided_by", "ASKED", "GRANTED", "+00:00") if code in said] == []
    assert "unknown：甲 → 是" in text


def test_what_is_told_of_another_record_is_in_words(auditor, world):
    told = {"link": [None, "VILLAGE_SUPERVISORY_COMMITTEE"], "result": [None, "FAIL"], "done_on": [None, "2026-03-01"]}
    audit.record("sign", "rectification.RectificationItem", actor=world.supervisor, changes=told)
    changes = changes_of(AuditEvent.objects.latest("id"))
    assert [(label, new) for label, _old, new in changes] == [
        ("监督环节", "村务监督委员会"),
        ("结论", "不符合，退回整改"),
        ("完成日期", "2026-03-01"),
    ]


def test_every_verb_in_the_code_has_a_word():
    verbs = set()
    for app in ("accounts", "common", "villages", "inspections", "rectification", "mianyang_xuncha"):
        for path in Path(app).rglob("*.py"):
            verbs |= set(re.findall(r'audit\.(?:record|row)\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert verbs - set(WORDS) == set()
