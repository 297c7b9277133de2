"""Sign-in with lock-out, password ageing, accounts."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from common import audit

from .enums import OrganKind
from .models import Division, Organ, SignInAttempt, User


def locked(*, username: str, ip: str | None) -> bool:
    """Is the account closed for this address (5 failures in 15 minutes) or for all (20 in an hour)?"""
    now = timezone.now()
    failures = SignInAttempt.objects.filter(username=username)
    here = failures.filter(ip=ip, at__gt=now - timedelta(minutes=settings.LOCKOUT_MINUTES)).count()
    everywhere = failures.filter(at__gt=now - timedelta(hours=1)).count()
    return here >= settings.LOCKOUT_FAILURES or everywhere >= settings.LOCKOUT_FAILURES * 4


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
    assert isinstance(user, User)
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
    syllables = lazy_pinyin(text, errors=lambda other: [one.lower() for one in other if one.isalnum()])
    return "".join(syllables), "".join(one[:1] for one in syllables)


def set_pinyin(division: Any) -> None:
    """Fill the search columns of a division from its name (the caller saves)."""
    full, initials = pinyin_of(division.name)
    division.pinyin, division.initials = full[:240], initials[:60]


@transaction.atomic
def open_organ(*, division: Division, kind: str, actor: Any, name: str = "") -> Organ:
    """The organ of this kind at the division, made if it is not there yet (one of a kind, but departments and teams)."""
    name = name or f"{division.name}{OrganKind(kind).label}"
    organ, created = Organ.objects.get_or_create(division=division, kind=kind, name=name)
    if created:
        audit.record("open_organ", organ, actor=actor)
    return organ


@transaction.atomic
def create_user(
    *,
    organ: Organ,
    username: str,
    full_name: str,
    post: str,
    password: str,
    actor: Any,
    must_change: bool = True,
    **fields: Any,
) -> User:
    """A new account in an organ; `fields` may hold email, phone and native_township. Raises ValidationError."""
    user = User(
        organ=organ, username=username, full_name=full_name, post=post, must_change_password=must_change, **fields
    )
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.full_clean()
    user.save()
    audit.record("create_user", user, actor=actor, changes={"organ": [None, organ.name], "post": [None, post]})
    return user
