"""A view that names no permission is an error before the first request."""

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver


def walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the URL conf with its full path."""
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walk(one, path)
        else:
            yield path, one


@register()
def every_view_names_its_permission(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [
        Error(
            f"/{path} names no permission",
            hint="Decorate the view with common.gate.requires, signed_in or public.",
            id="common.E001",
        )
        for path, one in walk(get_resolver())
        if not hasattr(one.callback, "permission")
    ]


@register()
def field_keys_are_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A key that is none would be noticed only when the first conversation is to be saved."""
    try:
        for one in settings.FIELD_ENCRYPTION_KEYS:
            Fernet(one)
    except ValueError:
        hint = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        return [Error("FIELD_ENCRYPTION_KEYS 里有不是 Fernet 密钥的值。", hint=hint, id="common.E002")]
    return []


@register()
def the_webhook_is_allowed(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An address that would be refused at every letter is told before the first."""
    from .channels import refused

    reason = refused(settings.WEBHOOK_URL, settings.WEBHOOK_HOSTS) if settings.WEBHOOK_URL else ""
    hint = "WEBHOOK_URL must be https without credentials, its host listed in WEBHOOK_HOSTS."
    return [Error(reason, hint=hint, id="common.E003")] if reason else []


@register(Tags.database)
def the_database_takes_our_events(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Warning]:
    """After SECRET_KEY was changed the database refuses every act until it has been told."""
    from . import seals

    hint = "请用应用现在的 SECRET_KEY 运行 manage.py migrate，再重启各进程。"
    return [
        Warning("数据库不认应用的封印：任何办理都会被拒绝。", hint=hint, id="common.W001")
        for alias in databases or ()
        if seals.exist(using=alias) and not seals.fits(using=alias)
    ]
