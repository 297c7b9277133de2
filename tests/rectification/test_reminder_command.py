"""manage.py send_reminders: the task by hand, with its figures and a dry run."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command, execute_from_command_line
from django.db import connections

from common.models import Message
from rectification.models import ReminderRun
from rectification.services.reminders import set_reminders
from tests.factories import rectification as make

pytestmark = pytest.mark.usefixtures("reference_data")


@pytest.fixture
def item(world):
    set_reminders(county=world.county, on=True, actor=world.county_head)
    return make.assigned_items(world, findings=1)[0]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue()


def test_json_tells_five_figures(item):
    on = f"{item.deadline}"
    assert json.loads(run("--on", on, "--json")) == {
        "on": on,
        "items": 1,
        "reminders": 1,
        "digests": 3,
        "already": 0,
    }
    assert json.loads(run("--on", on, "--json"))["reminders"] == 0


def test_without_a_day_it_is_today(item):
    assert json.loads(run("--json"))["items"] == 0
    assert ReminderRun.objects.exists()


def test_a_dry_run_names_people_and_writes_nothing(world, item):
    told = run("--on", f"{item.deadline + timedelta(days=1)}", "--dry-run")
    assert f"{world.village_secretary.organ.name} {world.village_secretary.full_name}：1 件" in told
    assert not ReminderRun.objects.exists()
    assert not Message.objects.filter(kind="DIGEST").exists()


def test_a_dry_run_in_json_has_the_same_five_figures(item):
    assert json.loads(run("--on", f"{item.deadline}", "--dry-run", "--json"))["digests"] == 3


def test_a_dry_run_says_when_nobody_can_be_told(item):
    from accounts.models import User

    User.objects.update(is_active=False)
    assert "各级都没有人可收" in run("--on", f"{item.deadline}", "--dry-run")


@pytest.mark.parametrize("text", ["bogus", "5.1.2026", "2026-02-30"])
def test_a_day_that_is_none_is_refused_with_the_remedy_and_nothing_is_written(item, text, capsys, monkeypatch):
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the command line hangs up when it ends
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "send_reminders", "--on", text])
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert f"日期“{text}”写法不对，请写成 2026-01-05 这样" in told.err
    assert "Traceback" not in told.err
    assert not ReminderRun.objects.exists()
