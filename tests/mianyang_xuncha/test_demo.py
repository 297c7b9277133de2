"""The demo at every stage: told through the services, it adds up, and each member of a team has something to do."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import User
from common import integrity, policy
from common.audit_words import changes_of
from common.models import AuditEvent
from inspections.enums import OPEN_STAGES, Stage
from inspections.models import Inspection
from mianyang_xuncha.demo import clock, roster, story
from rectification.models import RectificationItem
from villages.roster import imports

FIRST_ROUND = {"team1", "team2", "team5", "yxteam1", "yxteam2", "yxteam3"}
ALL_TEAMS = FIRST_ROUND | {"team3", "team4"}
TEAMS = {"planned": FIRST_ROUND, "inspecting": FIRST_ROUND}
ALL_STAGES = {Stage.BEFORE, Stage.DURING, Stage.AFTER}
STAGES_SEEN = dict.fromkeys(story.STAGES, ALL_STAGES) | {"planned": {Stage.BEFORE}}


@pytest.fixture
def three_townships(monkeypatch, tmp_path):
    """The story's own villages in place of the city's 2,071, which other tests import."""
    names = {name for name, _prefix in story.TOWNSHIPS}

    def import_few(actor: User) -> None:
        path = tmp_path / "名册.csv"
        with Path(settings.BASE_DIR, "fixtures", "roster_2023.csv").open(encoding="utf-8", newline="") as whole:
            head, *rows = csv.reader(whole)
            with path.open("w", encoding="utf-8", newline="") as part:
                csv.writer(part).writerows([head, *(row for row in rows if row[1] in names)])
        imports.import_file(path=path, county=None, commit=True, actor=actor)

    monkeypatch.setattr(roster, "import_real", import_few)


@pytest.fixture(params=story.STAGES[:-1])
def told(request, db, three_townships, settings, tmp_path):
    """Of the last stage, with the years gone by, tells test_demo_recounted."""
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "files"
    out = StringIO()
    call_command("seed_demo", "--stage", request.param, "--json", stdout=out)
    return request.param, {one["username"] for one in json.loads(out.getvalue())}


def told_labels() -> set[str]:
    """How the trail names what changed, over all events of the story."""
    return {label for event in AuditEvent.objects.iterator() for label, _old, _new in changes_of(event)}


def test_each_stage_adds_up_and_gives_each_team_work(told, client):
    stage, usernames = told
    adds_up(stage, usernames, client)
    assert not RectificationItem.objects.filter(inspection__round__plan__year=clock.year() - 2).exists()


def adds_up(stage, usernames, client):
    assert usernames >= ALL_TEAMS
    assert [line for answer in integrity.ask() for line in answer.found] == []
    busy = set()
    for user in User.objects.filter(username__in=ALL_TEAMS):
        open_now = policy.visible(user, Inspection.objects.filter(status__in=OPEN_STAGES))
        if open_now.exists():
            busy.add(user.username)
            client.force_login(user)
            assert open_now.first().place in client.get("/").content.decode()
    assert busy == TEAMS.get(stage, ALL_TEAMS)
    assert [label for label in told_labels() if not re.search("[一-龥]", label)] == []
    assert set(Inspection.objects.values_list("status", flat=True)) >= STAGES_SEEN[stage]
