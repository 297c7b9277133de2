from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡察"

    def ready(self) -> None:
        from . import rules  # noqa: F401  fills the policy table
