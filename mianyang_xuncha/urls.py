from importlib.util import find_spec

from django.urls import include, path

# Bootstrapping: addresses appear as their modules do.
urlpatterns = []
if find_spec("mianyang_xuncha.views"):
    from mianyang_xuncha import views

    for address, name in (
        ("", "home"),
        ("search/", "search"),
        ("inbox/", "inbox"),
        ("inbox/mark/", "inbox_mark"),
        ("inbox/<int:pk>/", "inbox_message"),
        ("inbox/<int:pk>/open/", "inbox_open"),
        ("healthz", "healthz"),
    ):
        if hasattr(views, name):
            urlpatterns.append(path(address, getattr(views, name), name=name))
    handler400 = "mianyang_xuncha.views.bad_request"
    handler403 = "mianyang_xuncha.views.forbidden"
    handler404 = "mianyang_xuncha.views.not_found"
    handler500 = "mianyang_xuncha.views.server_error"
for prefix, module in (
    ("", "accounts.urls"),
    ("villages/", "villages.urls"),
    ("inspections/", "inspections.urls"),
    ("rectification/", "rectification.urls"),
):
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
