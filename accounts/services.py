"""Sign-in with lock-out, password ageing, accounts."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from common import audit, policy
from common.errors import Conflict

from .enums import ADMINISTRATORS, SEVERAL_AT_A_PLACE, OrganKind, kinds_at, posts_of
from .models import Division, Organ, SignInAttempt, User

SIGNS_FOR_INITIAL = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def locked(*, username: str, ip: str | None) -> bool:
    """Is the account closed for this address (5 failures in 15 minutes) or for all (20 in an hour)?"""
    now = timezone.now()
    failures = SignInAttempt.objects.filter(username=username)
    here = failures.filter(ip=ip, at__gt=now - timedelta(minutes=settings.LOCKOUT_MINUTES)).count()
    everywhere = failures.filter(at__gt=now - timedelta(hours=1)).count()
    most: int = settings.LOCKOUT_FAILURES
    return here >= most or everywhere >= most * 4


def sign_in(*, request: Any, username: str, password: str, ip: str | None) -> User | None:
    """The user, or None for a wrong name, a wrong password and a locked account alike."""
    if locked(username=username, ip=ip):
        audit.record("sign_in_locked", "accounts.User", actor=username[:60], result="DENIED")
        return None
    user = authenticate(request, username=username, password=password)
    if user is None:
        SignInAttempt.objects.create(username=username[:60], ip=ip)
        audit.record("sign_in", "accounts.User", actor=username[:60], result="FAILED")
        return None
    SignInAttempt.objects.filter(username=username, ip=ip).delete()
    audit.record("sign_in", user, actor=user)
    return user


def password_expired(*, user: Any) -> bool:
    """Must this person set a new password before anything else?"""
    if not settings.PASSWORD_FORCE_CHANGE:
        return False
    age = settings.PASSWORD_MAX_AGE_DAYS
    old = age and (user.password_changed_at is None or user.password_changed_at < timezone.now() - timedelta(days=age))
    return bool(user.must_change_password or old)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Set a password that the validators have accepted; the forced change ends."""
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record("change_password", user, actor=user)


def pinyin_of(text: str) -> tuple[str, str]:
    """(全拼, 首字母) of a Chinese text, lower case, for search by letters."""
    syllables = lazy_pinyin(text, errors=_as_they_are)
    return "".join(syllables), "".join(one[:1] for one in syllables)


def _as_they_are(other: str) -> Any:
    """Latin letters and digits one by one; pypinyin takes a list here, though its types say text."""
    return [one.lower() for one in other if one.isalnum()]


def set_pinyin(division: Any) -> None:
    """Fill the search columns of a division from its name (the caller saves)."""
    full, initials = pinyin_of(division.name)
    division.pinyin, division.initials = full[:240], initials[:60]


@transaction.atomic
def open_organ(*, division: Division, kind: str, actor: Any, name: str = "") -> Organ:
    """The organ of this kind at the division, made if there is none yet; departments and teams go by name."""
    name = name or f"{division.name}{OrganKind(kind).label}"
    known = {"division": division, "kind": kind} | ({"name": name} if kind in SEVERAL_AT_A_PLACE else {})
    organ, created = Organ.objects.get_or_create(**known, defaults={"name": name})
    if created:
        audit.record("open_organ", organ, actor=actor)
    return organ


def move_organs(*, old: Division, new: Division, actor: Any) -> list[Organ]:
    """A place goes on as `new`: its organs go along with their people, where the new one has none of the kind."""
    there = new.organs.values("kind")
    moved = list(old.organs.exclude(kind__in=there).exclude(name__in=new.organs.values("name")))
    for organ in moved:
        organ.division = new
        organ.save(update_fields=["division"])
    changes = {"division": [f"{old.code} {old.name}", f"{new.code} {new.name}"]}
    audit.record_many([audit.row("move_organ", organ, actor=actor, changes=changes) for organ in moved])
    return moved


@transaction.atomic
def create_user(
    *,
    organ: Organ,
    username: str,
    full_name: str,
    post: str,
    actor: Any,
    password: str = "",
    encoded: str = "",
    must_change: bool = True,
    **fields: Any,
) -> User:
    """A new account in an organ; `fields` may hold email, phone, native_township, who asked. Raises ValidationError.

    The password comes in clear, or already encoded where many accounts share one (the demo).
    """
    user = User(
        organ=organ, username=username, full_name=full_name, post=post, must_change_password=must_change, **fields
    )
    user.password = encoded or make_password(password)
    user.password_changed_at = timezone.now()
    user.full_clean()
    user.save()
    audit.record("create_user", user, actor=actor, changes={"organ": [None, organ.name], "post": [None, post]})
    return user


NOBODY_ASKED = {"asked_by": None, "countersigned_by": None}


def _two_persons(kind: str, actor: User) -> dict[str, Any]:
    """An account that keeps the system rests from such a change on, until a second administrator confirms it."""
    return NOBODY_ASKED | ({"is_active": False, "asked_by": actor} if kind in ADMINISTRATORS else {})


def random_password() -> str:
    """Twelve signs without look-alikes: handed over once, changed at the first sign-in."""
    return "-".join("".join(secrets.choice(SIGNS_FOR_INITIAL) for _ in range(4)) for _ in range(3))


@transaction.atomic
def add_user(*, division: Division, kind: str, organ_name: str, actor: User, **fields: Any) -> tuple[User, str]:
    """An account with its initial password, which is shown once and stored nowhere.

    Needs `manage` on such an account and a post that the kind of organ has; raises PermissionDenied, ValidationError.
    An account that keeps the system itself works only after `countersign_user`.
    """
    _check_post(division=division, kind=kind, post=fields["post"])
    organ = open_organ(division=division, kind=kind, name=organ_name, actor=actor)
    policy.allows(actor, "manage", User(organ=organ, post=fields["post"])).demand()
    password = random_password()
    user = create_user(organ=organ, password=password, actor=actor, **_two_persons(kind, actor), **fields)
    return user, password


def _check_post(*, division: Division, kind: str, post: str) -> None:
    if kind not in kinds_at(division.tier):
        raise ValidationError(_("这一级区划没有这类单位，请重新选择单位。"))
    if post not in posts_of(kind):
        raise ValidationError({"post": _("这类单位没有所选岗位，请重新选择岗位。")})


@transaction.atomic
def edit_user(*, user: User, actor: User, division: Division, kind: str, organ_name: str, **changes: Any) -> User:
    """Change what is known of a person, unit and post included; takes effect on the very next request.

    Needs `manage` on the account as it was and as it will be, never one's own; raises PermissionDenied,
    ValidationError. Whoever comes to keep the system works again only after `countersign_user`.
    """
    fresh = _locked_account(user)
    policy.allows(actor, "manage", fresh).demand()
    _check_post(division=division, kind=kind, post=changes["post"])
    changes["organ"] = open_organ(division=division, kind=kind, name=organ_name, actor=actor)
    if changes["organ"] != fresh.organ:
        changes |= _two_persons(kind, actor)
    before = {key: getattr(fresh, key) for key in changes}
    for key, value in changes.items():
        setattr(fresh, key, value)
    policy.allows(actor, "manage", fresh).demand()
    fresh.full_clean()
    fresh.save(update_fields=list(changes))
    audit.record("edit_user", fresh, actor=actor, changes=audit.diff(before, changes))
    return fresh


def _locked_account(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).select_related("organ__division").get(pk=user.pk)


@transaction.atomic
def set_active(*, user: User, active: bool, actor: User) -> User:
    """Close or reopen an account; nobody is ever deleted, because the trail names them.

    Closing takes back what waits for a countersign; reopening whoever keeps the system asks for one.
    Twice is once.
    """
    fresh = _locked_account(user)
    policy.allows(actor, "manage", fresh).demand()
    if active and fresh.awaits_countersign:
        raise Conflict(_("“%s”的账号正等待另一名系统管理员复核，复核后启用。") % fresh)
    if fresh.is_active == active and not fresh.awaits_countersign:
        return fresh
    asks = _two_persons(fresh.organ.kind, actor) if active else NOBODY_ASKED
    _save(fresh, {"is_active": active} | asks)
    audit.record("enable_user" if active else "disable_user", fresh, actor=actor)
    return fresh


def _save(user: User, changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        setattr(user, key, value)
    user.save(update_fields=list(changes))


@transaction.atomic
def countersign_user(*, user: User, actor: User) -> User:
    """A second administrator confirms what the first asked for: the account works from now on.

    Needs `countersign`, which whoever asked never has; raises PermissionDenied, Conflict when nothing waits.
    """
    fresh = _locked_account(user)
    policy.allows(actor, "countersign", fresh).demand()
    if not fresh.awaits_countersign:
        raise Conflict(_("“%s”的账号没有等待复核的事项。") % fresh)
    _save(fresh, {"countersigned_by": actor, "is_active": True})
    audit.record("countersign_user", fresh, actor=actor, note=_("由%s提出") % fresh.asked_by)
    return fresh


@transaction.atomic
def reset_password(*, user: User, actor: User) -> str:
    """A new initial password, shown once; all sessions of the person end, the lock-out too.

    With it the one who resets could sign in: so whoever keeps the system rests until `countersign_user`.
    """
    fresh = _locked_account(user)
    policy.allows(actor, "manage", fresh).demand()
    password = random_password()
    changes = {"password": make_password(password), "must_change_password": True, "password_changed_at": timezone.now()}
    _save(fresh, changes | _two_persons(fresh.organ.kind, actor))
    SignInAttempt.objects.filter(username=fresh.username).delete()
    audit.record("reset_password", fresh, actor=actor)
    return password
