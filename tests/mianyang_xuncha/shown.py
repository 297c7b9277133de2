"""What a page or a paper shows, read from its HTML or its Word file, in the words that people see."""

from io import BytesIO
from typing import Any

from docx import Document
from lxml import html

Rows = list[list[str]]


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


class Page:
    """Tables of a page by the heading that stands over them, its key figures, its charts in words."""

    def __init__(self, client: Any, address: str):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        self.tree = html.fromstring(answer.content.decode())

    def rows(self, heading: str, *, head: int = 1) -> Rows:
        """Cells of each row under the heading of that text or id, without the `head` rows; hidden charts are ''."""
        (section,) = self.tree.xpath("//section[@aria-labelledby=$it or normalize-space(.//h2)=$it]", it=heading)
        return [[words(cell) for cell in row.xpath("./th|./td")] for row in section.xpath(".//table//tr")][head:]

    def by_name(self, heading: str, *, head: int = 1, at: int = 0) -> dict[str, list[str]]:
        """Row by the text of its cell number `at`, which is taken out."""
        return {row[at]: row[:at] + row[at + 1 :] for row in self.rows(heading, head=head)}

    @property
    def figures(self) -> dict[str, list[str]]:
        """Label → value with its unit, note."""
        found = self.tree.xpath("//section[contains(@class, 'kpis') or @class='kp']/*")
        return {words(one[0]): [words(each) for each in one[1:] if words(each)] for one in found}

    def chart(self, heading: str) -> str:
        (section,) = self.tree.xpath("//section[normalize-space(.//h2)=$it]", it=heading)
        return str(section.xpath(".//svg[@role='img']/@aria-label")[0])

    @property
    def text(self) -> str:
        return words(self.tree)


class Paper:
    def __init__(self, client: Any, address: str):
        self.document = Document(BytesIO(client.get(address).content))

    def table(self, number: int) -> Rows:
        """The table without its head."""
        return [[cell.text for cell in row.cells] for row in self.document.tables[number].rows][1:]

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.document.paragraphs)

    @property
    def charts(self) -> list[str]:
        return [one._inline.docPr.get("descr") for one in self.document.inline_shapes]
