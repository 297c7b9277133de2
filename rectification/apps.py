from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = "整改"

    def ready(self) -> None:
        from common import outbox
        from villages import followers, panels

        from . import rules  # noqa: F401  fills the policy table
        from .selectors.village_panel import village_panel
        from .services.reminders import digest_letter, urge_letter
        from .services.villages import follow_villages, loads

        panels.register(village_panel)
        followers.register(follow_villages, loads)
        outbox.renderers.update(DIGEST=digest_letter, URGE=urge_letter)
