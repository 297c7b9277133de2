"""How titles and sentences are written."""

INNER = str.maketrans("“”", "‘’")


def quoted(text: str) -> str:
    """In quotes, and quotes within them as inner ones."""
    return f"“{text.translate(INNER)}”"
