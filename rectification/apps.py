from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = "整改"

    def ready(self) -> None:
        from common import outbox

        from . import rules  # noqa: F401  fills the policy table
        from .services.reminders import digest_letter, urge_letter

        outbox.renderers.update(DIGEST=digest_letter, URGE=urge_letter)
