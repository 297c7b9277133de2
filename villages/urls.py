from django.urls import path, register_converter

from .views import (
    adjustments,
    classes,
    kinds,
    marks,
    preview,
    restoring,
    rosters,
    rulesets,
    saved,
    townships,
    villages,
)

app_name = "villages"


class VillageCode:
    regex = "[0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(VillageCode, "villagecode")

urlpatterns = [
    path("", villages.village_list, name="list"),
    path("export/", villages.village_export, name="export"),
    path("classes/", classes.class_list, name="classify"),
    path("classes/propose/", classes.classes_propose, name="classes_propose"),
    path("classes/approve/", classes.classes_approve, name="classes_approve"),
    path("classes/reject/", classes.classes_reject, name="classes_reject"),
    path("classes/kinds/", kinds.kind_list, name="kinds"),
    path("classes/kinds/<int:pk>/", kinds.kind_name, name="kind_name"),
    path("classes/rules/", rulesets.rules, name="rules"),
    path("classes/rules/draft/", rulesets.rules_draft, name="rules_draft"),
    path("classes/rules/<int:pk>/", rulesets.rule_set, name="rule_set"),
    path("classes/rules/<int:pk>/add/", rulesets.rule_add, name="rule_add"),
    path("classes/rules/<int:pk>/try/", rulesets.rules_try, name="rules_try"),
    path("classes/rules/<int:pk>/enable/", rulesets.rules_enable, name="rules_enable"),
    path("classes/rules/<int:pk>/discard/", rulesets.rules_discard, name="rules_discard"),
    path("classes/rules/<int:pk>/restore/", rulesets.rules_restore, name="rules_restore"),
    path("classes/rules/<int:pk>/<int:rule>/edit/", rulesets.rule_edit, name="rule_edit"),
    path("classes/rules/<int:pk>/<int:rule>/move/", rulesets.rule_move, name="rule_move"),
    path("classes/rules/<int:pk>/<int:rule>/remove/", rulesets.rule_remove, name="rule_remove"),
    path("marks/", marks.mark_list, name="marks"),
    path("marks/set/", marks.mark_set, name="mark_set"),
    path("saved/", saved.saved_add, name="saved_add"),
    path("saved/<int:pk>/", saved.saved_open, name="saved_open"),
    path("saved/<int:pk>/delete/", saved.saved_delete, name="saved_delete"),
    path("import/", rosters.roster_import, name="import"),
    path("import/template/", rosters.roster_template, name="import_template"),
    path("import/<uuid:pk>/", preview.roster_detail, name="import_detail"),
    path("import/<uuid:pk>/commit/", rosters.roster_commit, name="import_commit"),
    path("import/<uuid:pk>/recheck/", rosters.roster_recheck, name="import_recheck"),
    path("import/<uuid:pk>/discard/", rosters.roster_discard, name="import_discard"),
    path("import/<uuid:pk>/undo/", restoring.roster_undo, name="import_undo"),
    path("import/<uuid:pk>/refused/", rosters.roster_refused, name="import_refused"),
    path("adjustments/", adjustments.adjustments, name="adjustments"),
    path("adjustments/set-aside/<uuid:pk>/", restoring.set_aside, name="set_aside"),
    path("adjustments/<villagecode:code>/", adjustments.adjust_township, name="adjust_township"),
    path("adjustments/<villagecode:code>/township/", townships.township_change, name="township_change"),
    path("<villagecode:code>/", villages.village_detail, name="detail"),
    path("<villagecode:code>/history/", villages.village_history, name="history"),
    path("<villagecode:code>/edit/", villages.village_edit, name="edit"),
    path("<villagecode:code>/restore/", restoring.village_restore, name="restore"),
    path("<villagecode:code>/class/", classes.class_propose, name="propose"),
]
