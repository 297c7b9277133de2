"""文号: each names one document of its kind in a county, for papers and feedback alike (H3)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Division
from inspections.models import Feedback, Paper


def refuse_taken(document: Paper | Feedback, number: str) -> None:
    """Raise ValidationError when another document has the number; of two at once, one waits at the county's row."""
    Division.objects.select_for_update().get(pk=document.county_id)
    bearing = type(document).objects.filter(county=document.county_id, document_number=number).exclude(pk=document.pk)
    if number and (other := bearing.select_related("village__division").first()):
        told = {"number": number, "other": other}
        raise ValidationError({"document_number": _("文号“%(number)s”已用于“%(other)s”，请换一个文号。") % told})
