"""Large rosters: what is written down as a job, what a worker does of it, and what the page says meanwhile."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from common.models import AuditEvent, Heartbeat, Message
from common.spreadsheets.files import FileRefused
from tests.factories.villages import HEAD, book, confirmed, content, row, uploaded
from villages.enums import ImportState
from villages.models import RosterImport, RosterRow, Village
from villages.roster import imports, jobs, previewing, progress


@pytest.fixture(autouse=True)
def everything_is_large(settings, tmp_path):
    settings.IMPORT_AT_ONCE_CELLS = 0
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        }
    }


@pytest.fixture
def queued(world):
    return uploaded(book(row(户数=320), row("510703103201", "龙门村", 户数=9)), world.roster_admin)


@pytest.fixture
def previewed(queued):
    assert jobs.run_next()
    queued.refresh_from_db()
    return queued


def state(roster):
    return RosterImport.objects.get(pk=roster.pk).state


def page(client, roster):
    return client.get(roster.get_absolute_url())


def test_a_large_upload_waits_for_a_worker_with_nothing_written(queued):
    assert (queued.state, queued.result, RosterRow.objects.count()) == (ImportState.PREVIEWING, {}, 0)
    assert default_storage.exists(queued.stored_as)


def test_a_large_text_file_is_kept_for_the_worker_though_only_its_head_was_read(world):
    lines = [",".join(HEAD), *(f"涪城区,青义镇,第{one}村,510703103{one}" for one in range(300, 400))]
    roster = uploaded("\n".join(lines).encode(), world.roster_admin, "名册.csv")
    assert (roster.state, default_storage.size(roster.stored_as)) == (
        ImportState.PREVIEWING,
        len("\n".join(lines).encode()),
    )
    assert jobs.run_next()
    roster.refresh_from_db()
    assert (roster.state, roster.result["created"]) == (ImportState.READY, 100)


def test_a_worker_previews_it_and_tells_who_asked(previewed, world):
    assert (previewed.state, previewed.result["created"], previewed.result["changed"]) == (ImportState.READY, 1, 1)
    message = Message.objects.get(recipient=world.roster_admin)
    assert (message.title, message.path) == ("名册“名册.xlsx”：待确认", previewed.get_absolute_url())
    assert not message.deliveries.exists()


def test_confirming_is_a_job_too_and_writes_nothing_before_it_is_done(previewed, world):
    confirmed(previewed, world.roster_admin)
    assert (state(previewed), Village.objects.count()) == (ImportState.COMMITTING, 4)
    jobs.run_next()
    previewed.refresh_from_db()
    assert (previewed.state, previewed.committed_by, Village.objects.count()) == (
        ImportState.COMMITTED,
        world.roster_admin,
        5,
    )
    assert AuditEvent.objects.filter(action="import_roster").get().actor == world.roster_admin
    assert {one.title for one in Message.objects.all()} == {"名册“名册.xlsx”：待确认", "名册“名册.xlsx”：已导入"}


def test_nothing_waits_nothing_is_done(world):
    assert jobs.run_next() is False


def test_the_one_that_waited_longest_comes_first(queued, world):
    second = uploaded(book(row()), world.roster_admin, "第二份.xlsx")
    jobs.run_next()
    assert (state(queued), state(second)) == (ImportState.READY, ImportState.PREVIEWING)


def test_a_job_done_is_not_done_again(previewed):
    assert jobs.run_next() is False


def test_villages_that_changed_before_the_worker_came_stop_it(previewed, world):
    confirmed(previewed, world.roster_admin)
    Village.objects.filter(pk=world.village.pk).update(households=5, version=2)
    jobs.run_next()
    previewed.refresh_from_db()
    assert (previewed.state, "有了变化" in previewed.error) == (ImportState.READY, True)
    assert Village.objects.count() == 4


def test_who_may_no_longer_decide_stops_it(previewed, world):
    confirmed(previewed, world.roster_admin)
    world.roster_admin.is_active = False
    world.roster_admin.save()
    jobs.run_next()
    previewed.refresh_from_db()
    assert (previewed.state, bool(previewed.error), Village.objects.count()) == (ImportState.READY, True, 4)


def test_a_bad_head_is_refused_at_once_however_large(world):
    with pytest.raises(FileRefused, match="缺少“统计区划代码”列"):
        uploaded(book(["x"], head=["村名"]), world.roster_admin)
    assert not RosterImport.objects.exists()


def test_a_file_that_is_bad_further_down_fails_with_its_reason_and_leaves_nothing(
    world, django_capture_on_commit_callbacks
):
    roster = uploaded(book(), world.roster_admin)
    stored = roster.stored_as
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run_next()
    roster.refresh_from_db()
    assert (roster.state, "没有名册数据行" in roster.error) == (ImportState.FAILED, True)
    assert (roster.stored_as, default_storage.exists(stored)) == ("", False)
    assert AuditEvent.objects.get(action="fail_roster").result == "FAILED"
    assert Message.objects.get().title == "名册“名册.xlsx”：不能导入"


def test_an_upload_that_was_altered_where_it_lies_is_not_used(queued):
    with default_storage.open(queued.stored_as, "wb") as file:
        file.write(content(book(row("510703103209", "别的村"))))
    jobs.run_next()
    queued.refresh_from_db()
    assert (queued.state, "与上传时不同" in queued.error) == (ImportState.FAILED, True)


def test_a_fault_is_tried_three_times_and_then_told(queued, monkeypatch):
    def broken(*args):
        raise OSError("disk")

    monkeypatch.setattr(previewing, "preview_kept", broken)
    for _try in range(jobs.ATTEMPTS):
        with pytest.raises(OSError, match="disk"):
            jobs.run_next()
        assert state(queued) == ImportState.PREVIEWING
    jobs.run_next()
    queued.refresh_from_db()
    assert (queued.state, "3 次都没有完成" in queued.error) == (ImportState.FAILED, True)


def test_a_fault_that_passes_does_no_harm(queued, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(previewing, "preview_kept", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.run_next()
    jobs.run_next()
    assert state(queued) == ImportState.READY


# ------------------------------------------------------------------------ pages


@pytest.fixture
def client(signed_in, world):
    return signed_in(world.roster_admin)


def test_the_upload_leads_to_a_page_that_waits(client):
    response = client.post("/villages/import/", {"file": SimpleUploadedFile("大.xlsx", content(book(row())))})
    text = client.get(response.headers["Location"]).content.decode()
    assert "等待后台任务开始" in text
    assert 'hx-trigger="every 2s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text


def test_the_page_says_when_nobody_works_and_what_to_do(client, queued):
    assert "后台任务没有在运行" in page(client, queued).content.decode()
    Heartbeat.beat("beat")
    assert "后台任务没有在运行" not in page(client, queued).content.decode()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=10))
    assert "后台任务没有在运行" in page(client, queued).content.decode()


def test_the_page_shows_how_far_the_worker_is(client, queued):
    with connection.cursor() as cursor:
        progress.teller(queued.pk)(cursor, "read", 41.6)
    text = page(client, queued).content.decode()
    assert ("正在读取文件" in text, "42.0%" in text, "后台任务没有在运行" in text) == (True, True, False)
    assert "放弃导入" not in text


def test_the_waiting_page_is_asked_to_load_anew_when_the_job_is_done(client, previewed):
    response = client.get(previewed.get_absolute_url(), headers={"HX-Request": "true"})
    assert (response.headers["HX-Refresh"], response.content) == ("true", b"")


def test_who_waits_can_give_up(client, queued):
    client.post(f"{queued.get_absolute_url()}discard/")
    assert (state(queued), jobs.run_next()) == (ImportState.DISCARDED, False)


def test_a_failed_import_says_why_and_leads_to_a_new_upload(client, world):
    roster = uploaded(book(), world.roster_admin)
    jobs.run_next()
    text = page(client, roster).content.decode()
    assert ("没有名册数据行" in text, "改好后重新上传" in text) == (True, True)


def test_the_reason_of_a_stopped_confirmation_stands_on_the_preview(client, previewed, world):
    confirmed(previewed, world.roster_admin)
    Village.objects.filter(pk=world.village.pk).update(households=5, version=2)
    jobs.run_next()
    text = page(client, previewed).content.decode()
    assert ("没有写入任何内容" in text, "重新预检" in text) == (True, True)
    client.post(f"{previewed.get_absolute_url()}recheck/")
    assert state(previewed) == ImportState.PREVIEWING


@pytest.mark.parametrize("act", ["commit", "recheck"])
def test_what_waits_for_a_worker_can_be_decided_by_nobody_else(client, queued, act):
    assert client.post(f"{queued.get_absolute_url()}{act}/").status_code == 409


def test_every_state_has_its_badge_in_the_list(client, previewed, world):
    uploaded(book(row()), world.roster_admin, "等待.xlsx")
    text = client.get("/villages/import/").content.decode()
    assert ("待确认" in text, "预检中" in text) == (True, True)


def test_a_long_file_is_staged_in_several_copies(world, tmp_path, monkeypatch):
    monkeypatch.setattr("villages.roster.staging.ROWS_A_COPY", 2)
    told = []
    monkeypatch.setattr(progress, "teller", lambda pk: lambda cursor, step, percent: told.append((step, percent)))
    roster = uploaded(book(*(row(f"5107031034{one:02d}", f"第{one}村") for one in range(5))), world.roster_admin)
    jobs.run_next()
    roster.refresh_from_db()
    assert roster.result["created"] == 5
    assert [round(percent) for step, percent in told if step == "read"] == [20, 40, 50]
    assert [step for step, _percent in told][-2:] == ["compare", "keep"]


def test_a_part_stays_one_until_the_worker_comes(previewed, world):
    imports.confirm(
        roster=previewed,
        actor=world.roster_admin,
        sha256=previewed.sha256,
        data_version=previewed.data_version,
        partial=True,
    )
    assert jobs.run_next()
    assert (state(previewed), Village.objects.exclude(missing_from=None).exists()) == (ImportState.COMMITTED, False)
