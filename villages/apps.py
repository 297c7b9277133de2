from django.apps import AppConfig


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = "村（社区）"

    def ready(self) -> None:
        from . import rules  # noqa: F401  fills the policy table
