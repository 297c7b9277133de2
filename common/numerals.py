"""Chinese numerals as papers number their parts: 一, 十, 十一, 二十."""

DIGITS = "一二三四五六七八九"


def numeral(number: int) -> str:
    """The numeral of 1 to 99."""
    tens, ones = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens - 1]}十"
    return lead + (DIGITS[ones - 1] if ones else "")
