from django.db import migrations

from common.triggers import CHANGES, append_only, frozen_in, functions, guard, legal_moves, told_changes, told_moves


class Migration(migrations.Migration):
    """Who answers, signs, judges and closes is whom the event names, and what was closed stays as it was."""

    replaces = [("rectification", "0031_nobody_asks_records_or_reads_for_another")]
    dependencies = [("rectification", "0001_schema"), ("common", "0002_rules")]
    operations = [
        *functions(__file__, "afterwards", "cases", "items", "lookups", "progress", "receipts", "supervision"),
        append_only("rectification_attachment"),
        guard("rectification_attachment", "open_item_only", CHANGES, "rectification_open_item_only()"),
        guard("rectification_attachment", "rules", "BEFORE INSERT", "rectification_attachment_rules()"),
        append_only("rectification_caseresult"),
        guard("rectification_caseresult", "rules", "BEFORE INSERT", "rectification_caseresult_rules()"),
        told_changes("rectification_caseresult", events="INSERT"),
        append_only("rectification_checkphoto"),
        guard("rectification_checkphoto", "rules", "BEFORE INSERT", "rectification_checkphoto_rules()"),
        frozen_in("rectification_clue", "CLOSED", "REJECTED"),
        legal_moves(
            "rectification_clue",
            [
                "PROPOSED", "ANSWERED>CLOSED", "APPROVED>HANDED_OVER", "HANDED_OVER>HANDED_OVER",
                "HANDED_OVER>RECEIVED", "PROPOSED>APPROVED", "PROPOSED>REJECTED", "RECEIVED>ANSWERED",
                "RECEIVED>HANDED_OVER",
            ],
        ),
        guard("rectification_clue", "rules", "BEFORE INSERT OR UPDATE", "rectification_clue_rules()"),
        told_changes("rectification_clue", events="INSERT"),
        told_moves("rectification_clue", "rectification.Clue"),
        append_only("rectification_counttold"),
        told_changes("rectification_countyrule"),
        # a row is made when it is first read
        told_changes("rectification_countysetting", events="DELETE OR UPDATE"),
        told_changes("rectification_deadlinesetting"),
        frozen_in("rectification_dissent", "UPHELD", "RECHECK"),
        legal_moves("rectification_dissent", ["RAISED", "RAISED>RECHECK", "RAISED>UPHELD"]),
        guard("rectification_dissent", "rules", "BEFORE INSERT OR UPDATE", "rectification_dissent_rules()"),
        told_changes("rectification_dissent", events="INSERT"),
        told_moves("rectification_dissent", "rectification.Dissent"),
        frozen_in("rectification_extension", "GRANTED", "REFUSED"),
        legal_moves("rectification_extension", ["ASKED", "ASKED>GRANTED", "ASKED>REFUSED"]),
        guard("rectification_extension", "open_item_only", "BEFORE INSERT", "rectification_open_item_only()"),
        guard("rectification_extension", "rules", "BEFORE INSERT OR UPDATE", "rectification_extension_rules()"),
        told_changes("rectification_extension", events="INSERT"),
        told_moves("rectification_extension", "rectification.Extension"),
        frozen_in("rectification_lesson", "ISSUED"),
        legal_moves("rectification_lesson", ["DRAFT", "DRAFT>ISSUED"]),
        guard("rectification_lesson", "rules", "BEFORE UPDATE", "rectification_lesson_rules()"),
        told_moves("rectification_lesson", "rectification.Lesson"),
        guard("rectification_lessonreceipt", "rules", CHANGES, "rectification_lessonreceipt_rules()"),
        told_changes("rectification_lessonreceipt", events="UPDATE"),
        append_only("rectification_lookback"),
        guard("rectification_lookbackline", "rules", CHANGES, "rectification_lookbackline_rules()"),
        told_changes("rectification_lookbackline", events="UPDATE"),
        guard("rectification_measure", "open_item_only", CHANGES, "rectification_open_item_only()"),
        told_changes("rectification_measure", "rectification.RectificationItem", key="item_id"),
        append_only("rectification_partyreceipt"),
        guard("rectification_partyreceipt", "rules", "BEFORE INSERT", "rectification_partyreceipt_rules()"),
        append_only("rectification_progressreport"),
        guard("rectification_progressreport", "open_item_only", CHANGES, "rectification_open_item_only()"),
        guard("rectification_progressreport", "rules", "BEFORE INSERT", "rectification_report_rules()"),
        append_only("rectification_receipt"),
        guard("rectification_receipt", "rules", "BEFORE INSERT", "rectification_receipt_rules()"),
        frozen_in("rectification_rectificationitem", "CLOSED"),
        legal_moves(
            "rectification_rectificationitem",
            [
                "ASSIGNED", "ASSIGNED>IN_PROGRESS", "CLOSED>IN_PROGRESS", "IN_PROGRESS>UNDER_SUPERVISION",
                "UNDER_SUPERVISION>IN_PROGRESS", "UNDER_SUPERVISION>UNDER_VERIFICATION", "UNDER_VERIFICATION>CLOSED",
                "UNDER_VERIFICATION>IN_PROGRESS",
            ],
        ),
        guard("rectification_rectificationitem", "rules", "BEFORE UPDATE", "rectification_item_rules()"),
        guard(
            "rectification_rectificationitem", "submission_rules", "BEFORE UPDATE", "rectification_submission_rules()"
        ),
        told_changes("rectification_rectificationitem", events="INSERT"),
        told_moves("rectification_rectificationitem", "rectification.RectificationItem"),
        told_changes("rectification_reminderrule"),
        append_only("rectification_reply"),
        guard("rectification_reply", "rules", "BEFORE INSERT", "rectification_reply_rules()"),
        guard("rectification_responsible", "open_item_only", CHANGES, "rectification_open_item_only()"),
        told_changes("rectification_responsible", "rectification.RectificationItem", key="item_id"),
        append_only("rectification_satisfactioncount"),
        guard("rectification_satisfactioncount", "rules", "BEFORE INSERT", "rectification_poll_rules()"),
        append_only("rectification_supervisioncheck"),
        guard("rectification_supervisioncheck", "rules", "BEFORE INSERT", "rectification_check_rules()"),
        guard("rectification_supervisioncheck", "signer_rules", "BEFORE INSERT", "rectification_signer_rules()"),
        guard("rectification_supervisioncheck", "turn", "BEFORE INSERT", "rectification_check_turn()"),
        append_only("rectification_urgeletter"),
        told_changes("rectification_urgeletter", events="INSERT"),
        append_only("rectification_urgeline"),
    ]
