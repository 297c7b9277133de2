"""How tasks travel: as JSON, acknowledged late, given out again when a worker dies, on the code's own schedule."""

from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from mianyang_xuncha.celery import app


def test_tasks_are_json_and_survive_their_worker():
    conf = app.conf
    assert (conf.task_serializer, conf.accept_content) == ("json", ["json"])
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result


def test_a_task_ends_before_it_would_be_given_out_again():
    assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]


@pytest.mark.parametrize("entry", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_every_scheduled_task_exists(entry):
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE[entry]["task"] in app.tasks


def test_reminders_go_out_at_half_past_eight_in_shanghai():
    schedule = settings.CELERY_BEAT_SCHEDULE["remind-daily"]["schedule"]
    assert (schedule.hour, schedule.minute) == ({8}, {30})
    assert app.timezone == ZoneInfo("Asia/Shanghai")


def test_the_broker_answers_on_the_socket_of_the_test_run():
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
        assert connection.connected
