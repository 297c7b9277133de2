"""The task queue. The broker is only a hint: what must happen stands in the database."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from mianyang_xuncha import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mianyang_xuncha.settings")

app = Celery("mianyang_xuncha")
app.conf.update(
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    # A task whose worker dies is given to another one, so every task must bear running twice.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_hijack_root_logger=False,
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def start_embedded_servers(**_: object) -> None:
    embedded.ensure()
