"""Build static_built/icons.svg, the sprite of the icons named in static/icons.txt.

The drawings come from the installed package `cotton-icons` (Tabler Icons, MIT);
line width and colour come from the page's style sheet.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
NAMES = BASE_DIR / "static" / "icons.txt"
SPRITE = BASE_DIR / "static_built" / "icons.svg"
OUTLINE = re.compile(r"{% if variant == 'outline' %}\s*<svg[^>]*>(.*?)</svg>", re.DOTALL)


def drawings() -> Path:
    spec = find_spec("cotton_icons")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("缺少 cotton-icons，请执行 make setup。")
    return Path(next(iter(spec.submodule_search_locations))) / "templates" / "cotton" / "tablericon"


def names() -> list[str]:
    lines = (line.partition("#")[0].strip() for line in NAMES.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def symbol(name: str, folder: Path) -> str:
    source = folder / f"{name.replace('-', '_')}.html"
    found = OUTLINE.search(source.read_text(encoding="utf-8")) if source.exists() else None
    if found is None:
        raise SystemExit(f"{NAMES.name}：没有名为 {name} 的图标。")
    paths = "".join(line.strip() for line in found[1].splitlines())
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>'


def main() -> None:
    folder = drawings()
    body = "\n".join(symbol(name, folder) for name in names())
    text = f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'
    if SPRITE.exists() and SPRITE.read_text(encoding="utf-8") == text:
        return
    SPRITE.parent.mkdir(exist_ok=True)
    SPRITE.write_text(text, encoding="utf-8")
    print(f"{SPRITE.relative_to(BASE_DIR)}：{len(names())} 个图标", file=sys.stderr)


if __name__ == "__main__":
    main()
