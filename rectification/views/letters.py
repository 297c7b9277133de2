"""催办函: the list, and each as a Word file (E7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.downloads import as_file
from common.files import DOCX
from common.gate import get_object, requires
from common.paging import page_of
from rectification import services
from rectification.selectors import letters as reads

LETTER = "rectification.UrgeLetter"


@requires("view", LETTER)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"page": page_of(reads.letters_of(request.user), request.GET)}
    return render(request, "rectification/letters.html", context)


@requires("view", LETTER)
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object(request.user, reads.letters(), pk=pk)
    content = services.urge_letter_file(letter=letter, actor=request.user)
    return as_file(f"{letter}_{letter.township.name}.docx", content, DOCX)
