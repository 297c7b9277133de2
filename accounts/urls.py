from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
    path("accounts/users/", views.users, name="users"),
    path("accounts/users/add/", views.user_place, name="user_place"),
    path("accounts/users/add/<str:code>/", views.user_add, name="user_add"),
    path("accounts/users/<int:pk>/", views.user_edit, name="user_edit"),
    path("accounts/users/<int:pk>/active/", views.user_active, name="user_active"),
    path("accounts/users/<int:pk>/password/", views.user_reset, name="user_reset"),
    path("accounts/audit/", views.audit_trail, name="audit"),
    path("accounts/audit/export/", views.audit_export, name="audit_export"),
]
