from django.urls import path, register_converter

from .views import classes, rosters, villages

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
    path("import/", rosters.roster_import, name="import"),
    path("import/template/", rosters.roster_template, name="import_template"),
    path("import/<uuid:pk>/", rosters.roster_detail, name="import_detail"),
    path("import/<uuid:pk>/commit/", rosters.roster_commit, name="import_commit"),
    path("import/<uuid:pk>/recheck/", rosters.roster_recheck, name="import_recheck"),
    path("import/<uuid:pk>/discard/", rosters.roster_discard, name="import_discard"),
    path("import/<uuid:pk>/refused/", rosters.roster_refused, name="import_refused"),
    path("<villagecode:code>/", villages.village_detail, name="detail"),
    path("<villagecode:code>/history/", villages.village_history, name="history"),
    path("<villagecode:code>/edit/", villages.village_edit, name="edit"),
    path("<villagecode:code>/class/", classes.class_propose, name="propose"),
]
