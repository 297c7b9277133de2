"""Who is told that a clue waits for them: a number and nothing else, in the app alone (E4)."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind, Post
from accounts.models import User
from common import inbox
from common.models import Message
from rectification.audiences import OFFICE_POSTS
from rectification.models import Clue


def _office(clue: Clue, posts: frozenset[str] = OFFICE_POSTS) -> Q:
    return Q(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=clue.county_id, post__in=posts)


def _head(clue: Clue) -> Q:
    return _office(clue, frozenset({Post.HEAD})) & ~Q(pk=clue.proposed_by_id)


def _receiver(clue: Clue) -> Q:
    return Q(pk=clue.receiver_id)


def _sender(clue: Clue) -> Q:
    return Q(pk=clue.proposed_by_id)


NOTICES: dict[str, tuple[Callable[[Clue], Q], object]] = {
    "propose": (_head, gettext_lazy("线索 %s 等您审批")),
    "approve": (_office, gettext_lazy("线索 %s 已同意，请办理移交")),
    "reject": (_sender, gettext_lazy("线索 %s 不予移交")),
    "hand_over": (_receiver, gettext_lazy("线索 %s 已移交给您，请签收")),
    "receive": (_office, gettext_lazy("线索 %s 已签收")),
    "answer": (_office, gettext_lazy("线索 %s 已答复，请办结")),
}


def tell(event: str, clue: Clue) -> None:
    """Post the notice of `event`, in the caller's transaction; it goes out by no e-mail."""
    reach, title = NOTICES[event]
    inbox.post(
        recipients=User.objects.filter(reach(clue)),
        kind=Message.Kind.NOTICE,
        key=f"clue:{event}:{clue.pk}:{clue.version}",
        title=str(title) % clue.number,
        body=_("打开查看并办理。"),
        path=clue.get_absolute_url(),
        email=False,
    )
