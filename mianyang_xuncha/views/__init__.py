"""Pages that stand above all apps: workbench, inbox, search, health, errors."""

from .errors import bad_request, csrf_failure, forbidden, not_found, server_error
from .health import healthz
from .home import home
from .inbox import inbox, inbox_mark, inbox_message, inbox_open
from .search import search

__all__ = [
    "bad_request",
    "csrf_failure",
    "forbidden",
    "healthz",
    "home",
    "inbox",
    "inbox_mark",
    "inbox_message",
    "inbox_open",
    "not_found",
    "search",
    "server_error",
]
