"""A move of a workflow as a view: POST, confirmed (with its reason where one is needed), done, back to the page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import Conflict
from common.gate import View, get_object, requires
from common.wording import quoted
from common.workflow import Move
from inspections.forms.base import NoteForm

Load = Callable[[], Any]


def move_view(
    *, load: Load, name: str, argument: str, service: Callable[..., Any], effect: Any, ask: bool = False
) -> View:
    """The view of move `name` on the objects of `load()`; `ask` offers a note where none is required."""
    model = load().model
    move: Move = model.moves[name]
    asks = move.note_required or ask

    @requires(move.action, model._meta.label)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        obj = get_object(request.user, load(), move.action, pk=pk)
        same_version(request.POST.get("version", ""), obj)
        sent = request.POST if asks and "note" in request.POST else None
        form = NoteForm(sent, required=move.note_required, label=_note_label(move))
        if request.POST.get("confirmed") == "1" and (form.is_valid() or not (form.is_bound or move.note_required)):
            note = form.cleaned_data["note"] if form.is_bound else ""
            try:
                service(**{argument: obj}, actor=request.user, note=note)
            except ValidationError as error:
                _refuse(request, form, error)
                if not form.is_bound:
                    return redirect(obj.get_absolute_url())
            else:
                messages.success(
                    request, _("%(object)s：%(move)s，已办理。") % {"object": quoted(str(obj)), "move": move.label}
                )
                return redirect(obj.get_absolute_url())
        return _confirm(request, obj, move, form if asks else None, str(effect) % obj)

    return view


def same_version(version: Any, obj: Any) -> None:
    """Raise Conflict when the page that was answered showed another version of `obj`."""
    if version and str(version) != str(obj.version):
        raise Conflict(_("%s已被他人更新，请刷新后再办理。您填写的内容没有提交。") % quoted(str(obj)))


def _note_label(move: Move) -> str:
    return str(_("理由") if move.note_required else _("说明（可不填）"))


def _refuse(request: HttpRequest, form: NoteForm, error: ValidationError) -> None:
    if form.is_bound:
        form.refuse(error)
        return
    for one in error.messages:
        messages.error(request, one)


def _confirm(request: HttpRequest, obj: Any, move: Move, form: NoteForm | None, effect: str) -> HttpResponse:
    context = {
        "title": move.label,
        "effect": effect,
        "verb": move.label,
        "cancel_url": obj.get_absolute_url(),
        "hidden": [("version", obj.version)],
        "warn": move.tone == "warn",
        "form": form,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "_parts/confirm_page.html", context, status=status)
