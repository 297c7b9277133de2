from .session import password, sign_in, sign_out

__all__ = ["password", "sign_in", "sign_out"]
