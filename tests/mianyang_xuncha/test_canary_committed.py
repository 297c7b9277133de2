"""A source's name in what is left behind by work that was really committed: the dump of the database, its indexes and
statistics, the queue, the cache, and every paper that leaves the house (D7)."""

import pickle
import subprocess

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from common.encryption import EncryptedTextField
from common.models import Message
from inspections import services
from inspections.enums import Mode, PaperKind, paper_for
from inspections.models import Citation, Conversation, Feedback, Inspection, Paper, Visit
from inspections.selectors.findings import Filters
from mianyang_xuncha import reference
from mianyang_xuncha.celery import app
from rectification import services as rectifying
from tests.factories import inspections as build
from tests.factories import world as casting
from tests.factories.story_parts import SOURCE
from tests.mianyang_xuncha.canary import holds, tells_a_source
from tests.plugins import servers

PROGRAMS = servers.wheel_postgres_or_fail


@pytest.fixture
def world(transactional_db):
    reference.load_kinds_and_rules()
    return casting.build()


@pytest.fixture(params=[Mode.REGULAR, Mode.SPECIAL], ids=str.lower)
def inspection(world, request):
    """An inspection, also a special one, on whose finding a talk and a visit bear; nothing has been rolled back."""
    found = build.arranged_inspection(world)
    if request.param == Mode.SPECIAL:
        reason = {"mode_reason": "群众反映集中", "theme": "民生领域"}
        services.arrange(inspection=found, actor=world.county_officer, mode=Mode.SPECIAL, **reason)
    found = build.enter(world, Inspection.objects.get())
    build.conversation(world, found, **SOURCE)
    build.visit(world, found, **SOURCE)
    finding = build.draft_finding(world, found)
    services.cite(finding=finding, actor=world.team_member, numbers=["T-01", "F-01"])
    build.decided(world, type(finding).objects.get())
    services.reveal_source(record=Conversation.objects.get(), actor=world.county_officer)
    return found


def papers(world, inspection):
    """Each kind of paper as a Word file, drafted by whom it falls to; the last inspection is left on the way."""
    for kind in (PaperKind.PLAN, PaperKind.NOTICE, PaperKind.OUTLINE):
        yield word(world, build.issued_paper(world, inspection, kind))
    left = build.leave(world, inspection)
    yield word(world, build.issued_paper(world, left, paper_for(PaperKind.REPORT, left.mode)))
    feedback = services.draft_feedback(inspection=left, actor=world.county_officer)
    yield services.feedback_file(feedback=feedback, actor=world.county_officer)[1]
    rectifying.hand_over(
        feedback=Feedback.objects.get(), actor=world.county_head, document_number="涪巡办反〔2026〕1号"
    )
    yield services.feedback_file(feedback=Feedback.objects.get(), actor=world.county_head)[1]
    yield services.export_findings(filters=Filters(), tab="all", actor=world.county_officer)


def word(world, paper):
    return services.paper_file(paper=paper, actor=world.team_member)[1]


def dumped(*options):
    """What pg_dump writes of the whole database, without compression."""
    place = connection.settings_dict
    command = [PROGRAMS() / "pg_dump", "-h", place["HOST"], "-p", str(place["PORT"]), "-U", place["USER"]]
    done = subprocess.run([*command, *options, place["NAME"]], capture_output=True, check=True, timeout=120)
    return done.stdout


def test_nothing_that_leaves_or_stays_names_a_source(world, inspection, as_owner):
    made = list(papers(world, inspection))
    assert len(made) == 7
    assert not any(holds(one) for one in made)
    kinds = set(Paper.objects.values_list("kind", flat=True))
    assert kinds == {"PLAN", "NOTICE", "OUTLINE", paper_for(PaperKind.REPORT, inspection.mode)}
    assert pages_of_papers(world) == []
    assert Citation.objects.count() == 2
    assert Message.objects.exists()
    assert in_the_dump() == []
    assert in_the_queue() == []
    assert not holds(pickle.dumps(getattr(cache, "_cache", {})))
    assert in_the_statistics(as_owner) == []


def pages_of_papers(world):
    """Those that name a source, as a page or as a file, to whoever reads papers."""
    found = []
    for name in ("county_officer", "leading_group", "team_member"):
        client = Client()
        client.force_login(world.people[name])
        for paper in Paper.objects.all():
            urls = paper.get_absolute_url(), reverse("inspections:paper_file", args=[paper.pk])
            answers = [client.get(url) for url in urls]
            assert [one.status_code for one in answers] == [200, 200]
            found += [(name, paper.kind) for one in answers if tells_a_source(one)]
    return found


def in_the_dump():
    texts = {"plain": dumped("--inserts"), "copy": dumped(), "custom": dumped("-Fc", "-Z0")}
    number = Inspection.objects.get().number.encode()
    assert all(number in text for text in texts.values()), "the dump should hold the inspection"
    assert all(Conversation.objects.get().person.token.encode() in text for text in texts.values())
    return [name for name, text in texts.items() if holds(text)]


def in_the_queue():
    """Tasks are sent by the clock alone; here is what each of them would be told."""
    for one in settings.CELERY_BEAT_SCHEDULE.values():
        app.send_task(one["task"], args=one.get("args"), kwargs=one.get("kwargs"))
    server = redis.Redis.from_url(settings.REDIS_URL)
    keys = list(server.scan_iter())
    assert keys, "the tasks should have left messages"
    return [key for key in keys if holds(key) or holds(server.dump(key) or b"")]


def in_the_statistics(as_owner):
    """The planner keeps samples of columns, which a dump leaves out and a copy of the disk does not."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT tablename, pg_stats::text FROM pg_stats WHERE schemaname = 'public'")
        rows = cursor.fetchall()
    assert len(rows) > 100
    return [name for name, text in rows if holds(text)]


@pytest.mark.parametrize("model", [Conversation, Visit])
def test_no_index_reaches_a_sealed_column(db, model: type[Model]):
    sealed = {one.column for one in model._meta.get_fields() if isinstance(one, EncryptedTextField)}
    assert sealed == {"person", "contact", "notes"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [model._meta.db_table])
        indexes = [text for (text,) in cursor.fetchall()]
    assert indexes
    assert not [text for text in indexes if any(one in text.partition("(")[2] for one in sealed)]


def test_a_name_in_a_paper_would_be_seen(world, inspection):
    """Else the search of the Word files would search for nothing."""
    paper = services.draft_paper(inspection=inspection, kind=PaperKind.OUTLINE, actor=world.team_member)
    texts = [f"{one['text']}{SOURCE['person']}" for one in paper.sections]
    paper = services.edit_paper(paper=paper, actor=world.team_member, texts=texts)
    assert holds(word(world, paper))
    assert in_the_dump() == ["plain", "copy", "custom"]
