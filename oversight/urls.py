"""Addresses of oversight: boards."""

from django.urls import path

from .views import boards

app_name = "oversight"

urlpatterns = [
    path("board/", boards.board, name="board"),
    path("board/screen/", boards.screen, name="screen"),
    path("board/villages/", boards.villages, name="villages"),
]
