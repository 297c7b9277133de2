"""Pages that stand above all apps: workbench, inbox, search, health, errors."""

from .errors import bad_request, csrf_failure, forbidden, not_found, server_error
from .home import home

__all__ = ["bad_request", "csrf_failure", "forbidden", "home", "not_found", "server_error"]
