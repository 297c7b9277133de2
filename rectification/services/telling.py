"""Who is told in the app when an item moves: whoever has the next step, and those whose work was judged (E6, E8).

A message carries the item's number and a date; what is wrong where is read in the system. No e-mail: that is the
daily digest's.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganKind
from accounts.models import User
from common import inbox
from common.models import Message
from rectification.audiences import OFFICE_POSTS
from rectification.enums import LINK_OF, CheckResult
from rectification.models import Extension, RectificationItem


def _signers(item: RectificationItem) -> Q:
    places = {OrganKind.TOWNSHIP_DISCIPLINE: item.township_id, OrganKind.VILLAGE_SUPERVISORY: item.village_id}
    reach = Q()
    for kind, post in LINK_OF:
        reach |= Q(organ__kind=kind, organ__division_id=places[kind], post=post)
    return reach


def _rechecker(item: RectificationItem) -> Q:
    """Whoever holds the post that objected."""
    link = item.checks.filter(result=CheckResult.OBJECT).latest("pk").link
    kind, post = next(key for key, found in LINK_OF.items() if found == link)
    place = item.village_id if kind == OrganKind.VILLAGE_SUPERVISORY else item.township_id
    return Q(organ__kind=kind, organ__division_id=place, post=post)


def _office(item: RectificationItem) -> Q:
    return Q(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=item.county_id, post__in=OFFICE_POSTS)


def _rectifiers(item: RectificationItem) -> Q:
    return Q(organ__kind=OrganKind.PARTY_COMMITTEE, organ__division_id=item.township_id) | Q(
        organ__kind=OrganKind.VILLAGE_PARTY, organ__division_id=item.village_id
    )


def _organisation(item: RectificationItem) -> Q:
    return Q(organ__kind=OrganKind.ORGANISATION_DEPARTMENT, organ__division_id=item.county_id)


NOTICES: dict[str, tuple[Callable[[RectificationItem], Q], Any]] = {
    "hand_over_now": (_rectifiers, gettext_lazy("立巡立改事项 %(number)s 已交办，请签收，时限 %(day)s")),
    "reply": (_rectifiers, gettext_lazy("党建类事项 %(number)s 县委组织部已答复")),
    "replied": (_organisation, gettext_lazy("党建类事项 %(number)s 乡镇党委已答复")),
    "submit": (_signers, gettext_lazy("整改事项 %(number)s 已提交验收，请到现场核查后签署")),
    "supervised": (_office, gettext_lazy("整改事项 %(number)s 三方监督已签署，等待验收")),
    "send_back": (_rectifiers, gettext_lazy("整改事项 %(number)s 监督核查没有通过，已退回继续整改")),
    "object": (_office, gettext_lazy("整改事项 %(number)s 监督意见不一致，等待裁定")),
    "uphold": (_rectifiers, gettext_lazy("整改事项 %(number)s 监督意见经县委巡察办裁定，退回继续整改")),
    "recheck": (_rechecker, gettext_lazy("整改事项 %(number)s 监督意见经县委巡察办裁定，请重新核查后签署")),
    "verify": (_rectifiers, gettext_lazy("整改事项 %(number)s 已验收销号")),
    "return": (_rectifiers, gettext_lazy("整改事项 %(number)s 验收没有通过，已退回补充")),
    "reopen": (_rectifiers, gettext_lazy("整改事项 %(number)s 要求重新整改，时限 %(day)s")),
    "ask_extension": (_office, gettext_lazy("整改事项 %(number)s 申请延期到 %(day)s，等待审批")),
    "grant": (_rectifiers, gettext_lazy("整改事项 %(number)s 同意延期到 %(day)s")),
    "refuse": (_rectifiers, gettext_lazy("整改事项 %(number)s 的延期申请没有同意")),
    "mark_long_term": (_rectifiers, gettext_lazy("整改事项 %(number)s 列为长期坚持，下次复核 %(day)s")),
}


def tell(event: str, item: RectificationItem, *, actor: User, request: Extension | None = None) -> None:
    """Post the notice of `event` to its people, the actor excepted; one statement, in the caller's transaction."""
    reach, title = NOTICES[event]
    cause, day = (
        (request, request.granted_deadline or request.new_deadline)
        if request
        else (item, item.deadline or item.review_on)
    )
    inbox.post(
        recipients=User.objects.filter(reach(item)).exclude(pk=actor.pk),
        kind=Message.Kind.NOTICE,
        key=f"{event}:{cause.pk}:{cause.version}",
        title=str(title) % {"number": item.number, "day": day},
        body=_("打开事项查看详情并办理。"),
        path=item.get_absolute_url(),
        email=False,
    )


def tell_organisation(items: Sequence[RectificationItem]) -> None:
    """Those of them about Party building go to the organisation department when they go to the township (E5)."""
    for item in (one for one in items if one.finding.checklist_item.party_building):
        inbox.post(
            recipients=User.objects.filter(_organisation(item)),
            kind=Message.Kind.NOTICE,
            key=f"party:{item.pk}",
            title=_("党建类事项 %(number)s 已移交，请答复，整改时限 %(day)s")
            % {"number": item.number, "day": item.deadline},
            body=_("打开事项查看详情并答复。"),
            path=item.get_absolute_url(),
            email=False,
        )
