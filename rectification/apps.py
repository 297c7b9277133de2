from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "rectification"
    verbose_name = "整改"

    def ready(self) -> None:
        from . import rules  # noqa: F401  fills the policy table
