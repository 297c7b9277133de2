from django.db import migrations

from common.triggers import append_only, frozen_in, legal_moves, told_moves

ISSUE, CAMPAIGN, TASK = "oversight_commonissue", "oversight_campaign", "oversight_campaigntask"


class Migration(migrations.Migration):
    """What was approved or ended stays as it was; nothing is deleted; what a department may read is never widened."""

    dependencies = [("oversight", "0001_common_issues_and_campaigns"), ("common", "0003_moves_leave_their_event")]
    operations = [
        legal_moves(ISSUE, ["PROPOSED", "PROPOSED>APPROVED", "PROPOSED>RETURNED", "RETURNED>PROPOSED"]),
        told_moves(ISSUE, "oversight.CommonIssue"),
        frozen_in(ISSUE, "APPROVED"),
        legal_moves(
            CAMPAIGN,
            ["ASSIGNED", "ASSIGNED>RUNNING", "REPORTED>CLOSED", "REPORTED>RUNNING", "RUNNING>REPORTED"],
        ),
        told_moves(CAMPAIGN, "oversight.Campaign"),
        frozen_in(CAMPAIGN, "CLOSED"),
        legal_moves(TASK, ["OPEN", "DONE>OPEN", "OPEN>DONE"]),
        told_moves(TASK, "oversight.CampaignTask"),
        frozen_in(TASK, "DONE"),
        append_only("oversight_campaignfinding"),
    ]
