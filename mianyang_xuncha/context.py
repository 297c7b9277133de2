"""What the shell of every signed-in page shows: menu by the policy, unread count, who is signed in."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
