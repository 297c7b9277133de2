"""Forms of rectification, by noun."""

from .acts import (
    DecideForm,
    DissentForm,
    ExtensionForm,
    HandOverForm,
    LongTermForm,
    PollForm,
    ProxyForm,
    ReopenForm,
    ReplyForm,
    ReportForm,
    ReturnForm,
    SignForm,
    SubmitForm,
    UrgeForm,
    VerifyForm,
    VersionForm,
)
from .county import DeadlinesForm
from .ledger import LedgerForm, choices_of
from .plan import BatchMeasuresForm, MeasureFormSet, PeopleForm, measure_formset, measures_of, more_rows
from .reminders import RulesForm
from .sheets import SheetForm
from .workdays import DaysForm

__all__ = [
    "BatchMeasuresForm",
    "DaysForm",
    "DeadlinesForm",
    "DecideForm",
    "DissentForm",
    "ExtensionForm",
    "HandOverForm",
    "LedgerForm",
    "LongTermForm",
    "MeasureFormSet",
    "PeopleForm",
    "PollForm",
    "ProxyForm",
    "ReopenForm",
    "ReplyForm",
    "ReportForm",
    "ReturnForm",
    "RulesForm",
    "SheetForm",
    "SignForm",
    "SubmitForm",
    "UrgeForm",
    "VerifyForm",
    "VersionForm",
    "choices_of",
    "measure_formset",
    "measures_of",
    "more_rows",
]
