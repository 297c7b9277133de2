from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "巡察"

    def ready(self) -> None:
        from villages import followers, panels

        from . import rules  # noqa: F401  fills the policy table
        from .selectors.village_panel import findings_panel, village_panel
        from .services.villages import follow_villages, loads

        panels.register(village_panel)
        panels.register(findings_panel)
        followers.register(follow_villages, loads)
