"""群众满意度: recording what villagers said, as counts (E9)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.gate import requires
from rectification import services
from rectification.forms import PollForm
from rectification.selectors.satisfaction import told_to
from rectification.services.satisfaction import POLLED

from .base import attempt, done, load, show
from .ledger import ITEM


@requires("poll", ITEM)
@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    item = load(request, pk, "poll", POLLED)
    form = PollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.record_poll(item=item, actor=request.user, **data)):
            return done(request, item, _("已登记 %s 人的满意度。") % data["asked"])
    return show(request, "poll", {"item": item, "form": form, "satisfaction": told_to(request.user, item)})
