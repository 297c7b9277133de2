"""The project's beat with its schedules shortened, so that a fault test sees several rounds in seconds."""

from mianyang_xuncha.celery import app

SECONDS = 2
app.conf.beat_schedule = {
    name: entry | {"schedule": SECONDS, "options": {"expires": SECONDS}}
    for name, entry in app.conf.beat_schedule.items()
}
app.conf.beat_max_loop_interval = 1
