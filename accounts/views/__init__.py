from .audit import audit_export, audit_trail
from .session import password, sign_in, sign_out
from .users import user_active, user_add, user_edit, user_place, user_reset, users

__all__ = [
    "audit_export",
    "audit_trail",
    "password",
    "sign_in",
    "sign_out",
    "user_active",
    "user_add",
    "user_edit",
    "user_place",
    "user_reset",
    "users",
]
