"""Every address of the project; each view names its permission (common.checks)."""

from django.urls import include, path

from mianyang_xuncha import views

handler400 = "mianyang_xuncha.views.bad_request"
handler403 = "mianyang_xuncha.views.forbidden"
handler404 = "mianyang_xuncha.views.not_found"
handler500 = "mianyang_xuncha.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/mark/", views.inbox_mark, name="inbox_mark"),
    path("inbox/<int:pk>/", views.inbox_message, name="inbox_message"),
    path("inbox/<int:pk>/open/", views.inbox_open, name="inbox_open"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("accounts.urls")),
    path("villages/", include("villages.urls")),
    path("inspections/", include("inspections.urls")),
    path("rectification/", include("rectification.urls")),
    path("oversight/", include("oversight.urls")),
]
