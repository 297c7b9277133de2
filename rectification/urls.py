"""Addresses of rectification: the ledger, one item with its acts, files, handover, settings."""

from django.urls import path

from .views import acts, batch, county, extensions, handover, item, ledger, ledger_exports, plan, progress, reminders

app_name = "rectification"

urlpatterns = [
    path("", ledger.index, name="list"),
    path("export/", ledger.export, name="export"),
    path("exports/<uuid:pk>/", ledger_exports.page, name="ledger_export"),
    path("exports/<uuid:pk>/file/", ledger_exports.file, name="ledger_export_file"),
    path("tasks/", ledger.tasks, name="tasks"),
    path("progress/", progress.index, name="progress"),
    path("progress/download/", progress.download, name="progress_download"),
    path("progress/<uuid:pk>/", progress.detail, name="progress_sheet"),
    path("progress/<uuid:pk>/confirm/", progress.confirm, name="progress_confirm"),
    path("progress/<uuid:pk>/discard/", progress.discard, name="progress_discard"),
    path("progress/<uuid:pk>/refused/", progress.refused, name="progress_refused"),
    path("settings/", county.settings, name="settings"),
    path("reminders/", reminders.page, name="reminders"),
    path("reminders/switch/", reminders.switch, name="reminder_switch"),
    path("batch/accept/", batch.accept, name="batch_accept"),
    path("batch/urge/", batch.urge, name="batch_urge"),
    path("feedback/<int:pk>/hand-over/", handover.hand_over, name="hand_over"),
    path("attachments/<uuid:pk>/", item.attachment, name="attachment"),
    path("extensions/<int:pk>/", extensions.decide, name="extension"),
    path("<int:pk>/", item.page, name="item"),
    path("<int:pk>/accept/", plan.accept, name="accept"),
    path("<int:pk>/measures/", plan.measures, name="measures"),
    path("<int:pk>/measures/<int:measure>/done/", plan.measure_done, name="measure_done"),
    path("<int:pk>/people/", plan.people, name="people"),
    path("<int:pk>/report/", acts.report, name="report"),
    path("<int:pk>/submit/", acts.submit, name="submit"),
    path("<int:pk>/sign/", acts.sign, name="sign"),
    path("<int:pk>/verify/", acts.verify, name="verify"),
    path("<int:pk>/return/", acts.send_back, name="return"),
    path("<int:pk>/reopen/", acts.reopen, name="reopen"),
    path("<int:pk>/long-term/", acts.long_term, name="long_term"),
    path("<int:pk>/extend/", extensions.ask, name="ask_extension"),
]
