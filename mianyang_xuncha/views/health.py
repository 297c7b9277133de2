"""/healthz: whether database, broker and beat live. Public, quick, and it tells no secrets."""

import queue
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import seals
from common.gate import public
from common.models import Heartbeat

SECONDS = 1.5
OK, LATE, AWAY, UNSEALED = "ok", "late", "away", "unsealed"
BEAT_OK, BEAT_LATE = timedelta(minutes=3), timedelta(minutes=15)


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """503 only when the database is away, or takes no event of this process (`manage.py migrate` mends that).

    Without the broker pages still work and reminders only wait.
    """
    answers = ask({"database": database, "seal": seal, "broker": broker})
    told = answers["database"]
    state = {
        "database": AWAY if told is None else answers["seal"] or AWAY,
        "broker": OK if answers["broker"] else AWAY,
        "beat": told or AWAY,
    }
    return JsonResponse(state, status=200 if state["database"] == OK else 503)


def ask(questions: dict[str, Callable[[], str]]) -> dict[str, str | None]:
    """Ask all at once, each in a thread of its own: a frozen server costs the time limit, not the request."""
    answers: queue.Queue[tuple[str, str | None]] = queue.Queue()
    for name, question in questions.items():
        threading.Thread(target=_answer, args=(answers, name, question), daemon=True).start()
    until, found = time.monotonic() + SECONDS, dict.fromkeys(questions, None)
    try:
        for _one in questions:
            name, answer = answers.get(timeout=max(until - time.monotonic(), 0.001))
            found[name] = answer
    except queue.Empty:
        pass
    return found


def _answer(answers: "queue.Queue[tuple[str, str | None]]", name: str, question: Callable[[], str]) -> None:
    try:
        answers.put((name, question()))
    except Exception:  # whatever it is, the answer is "away"; the cause stands in the server's own log
        answers.put((name, None))


def database() -> str:
    """The database answers; what it says of beat's last sign of life."""
    try:
        beat = Heartbeat.objects.filter(name="beat").first()
    finally:
        connection.close()  # this thread's own
    age = timezone.now() - beat.at if beat else None
    if age is None or age > BEAT_LATE:
        return AWAY
    return LATE if age > BEAT_OK else OK


def seal() -> str:
    """Whether the database knows this process's key, without which it refuses every act."""
    try:
        return OK if seals.fits() else UNSEALED
    finally:
        connection.close()


def broker() -> str:
    url = settings.CELERY_BROKER_URL
    url = url if url.startswith(("redis://", "rediss://")) else settings.REDIS_URL
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=None)
    try:
        client.ping()
    finally:
        client.close()
    return OK
