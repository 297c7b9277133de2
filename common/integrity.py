"""What must add up, app by app: each app's `integrity.py` registers its questions, `manage.py check_integrity` asks.

A check yields one line for each thing that does not add up, saying where to look; it changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.module_loading import autodiscover_modules

from . import encryption
from .files import kept, path_of
from .models import AuditEvent, StoredFile
from .workflow import WorkflowModel

Question = Callable[[], Iterable[str]]
MOST = 100
_questions: list[tuple[str, Question]] = []


@dataclass(frozen=True)
class Answer:
    """One question with what it found; `more` when it found more than is listed."""

    label: str
    found: list[str]
    more: bool


def check(label: str) -> Callable[[Question], Question]:
    """Register a question under the name that the report shows."""

    def register(question: Question) -> Question:
        if (label, question) not in _questions:
            _questions.append((label, question))
        return question

    return register


def ask() -> Iterator[Answer]:
    """Ask every app; at most MOST lines of each question."""
    autodiscover_modules("integrity")
    for label, question in _questions:
        found = list(islice(question(), MOST + 1))
        yield Answer(label, found[:MOST], len(found) > MOST)


@check("状态与最近一次办理记录一致")
def statuses_follow_events() -> Iterator[str]:
    """Whoever changed a status past the one door left no event: the trail and the row disagree."""
    for model in apps.get_models():
        if issubclass(model, WorkflowModel):
            yield from _astray(model)


def _astray(model: Any) -> Iterator[str]:
    events = AuditEvent.objects.filter(
        object_type=model._meta.label, object_id=Cast(OuterRef("pk"), CharField()), result=AuditEvent.Result.OK
    ).exclude(target="")
    last = Coalesce(Subquery(events.order_by("-id").values("target")[:1]), Value(model.moves.initial))
    for row in model._default_manager.annotate(told=last).exclude(status=F("told")).order_by("pk").iterator():
        yield f"{model._meta.verbose_name} {row.pk}：状态是 {row.status}，最近的办理记录是 {row.told}"


@check("上传的文件都在，且没有被改动")
def files_are_whole() -> Iterator[str]:
    lying = set(kept())
    for model in apps.get_models():
        for one in model._default_manager.order_by("pk").iterator() if issubclass(model, StoredFile) else ():
            if one.pk not in lying:
                yield f"{model._meta.verbose_name} {one.pk} 有记录而没有文件"
            elif fingerprint(path_of(one.pk)) != one.sha256:
                yield f"{model._meta.verbose_name} {one.pk} 的文件与登记的指纹不符"
            lying.discard(one.pk)
    for pk in sorted(lying):
        yield f"文件 {path_of(pk).name} 没有对应的记录"


@check("加密的内容都能用现有密钥打开")
def secrets_can_be_opened() -> Iterator[str]:
    for model, name in encryption.fields():
        column: Any = model._meta.get_field(name)
        for pk, secret in model._default_manager.order_by("pk").values_list("pk", name).iterator():
            if not encryption.is_open(secret.token):
                yield f"{model._meta.verbose_name} {pk} 的{column.verbose_name}打不开"


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
