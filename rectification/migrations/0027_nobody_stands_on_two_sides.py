import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import amending, append_only, guard

PUT_RIGHT = "ARRAY['accept', 'report', 'complete_measure', 'reply', 'submit']"
JUDGED = "ARRAY['verify', 'return', 'uphold', 'recheck']"
BY_ANOTHER = """  IF EXISTS (SELECT 1 FROM rectification_supervisioncheck WHERE item_id = NEW.item_id
               AND attempt = NEW.attempt AND signer_id = NEW.signer_id AND link <> NEW.link) THEN
    RAISE EXCEPTION '一个人只签一个监督环节' USING ERRCODE = 'restrict_violation';
  END IF;
"""
POLL_RULES = f"""
CREATE FUNCTION rectification_poll_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF rectification_acted(NEW.item_id, NEW.recorded_by_id, {PUT_RIGHT}) THEN
    RAISE EXCEPTION '办理过整改的人不能登记满意度' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'poll', NEW.recorded_by_id) THEN
    RAISE EXCEPTION '满意度没有办理记录' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
RECEIPT_RULES = """
CREATE FUNCTION rectification_partyreceipt_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE item rectification_rectificationitem;
BEGIN
  SELECT * INTO item FROM rectification_rectificationitem WHERE id = NEW.item_id;
  IF item.status = 'CLOSED' OR NOT rectification_is_party_building(item.finding_id)
     OR NOT rectification_organ_is(NEW.signer_id, 'ORGANISATION_DEPARTMENT', item.county_id)
     OR NOT rectification_is_told('rectification.RectificationItem', NEW.item_id, 'receive_item', NEW.signer_id) THEN
    RAISE EXCEPTION '党建类问题 % 须由本县组织部签收并留下记录', item.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Whoever put right, watched or judged an item stays on that side, from whatever seat and in whatever attempt; the
    organisation department signs for what is handed over to it."""

    dependencies = [
        ("rectification", "0026_who_records_issues_and_reads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PartyReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="签收时间")),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="party_receipt",
                        to="rectification.rectificationitem",
                        verbose_name="整改事项",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
                    ),
                ),
            ],
            options={"verbose_name": "党建类问题签收"},
        ),
        append_only("rectification_partyreceipt"),
        migrations.RunSQL(RECEIPT_RULES, "DROP FUNCTION rectification_partyreceipt_rules()"),
        guard("rectification_partyreceipt", "rules", "BEFORE INSERT", "rectification_partyreceipt_rules()"),
        amending(
            "rectification_submission_rules",
            "ARRAY['sign', 'verify', 'return']",
            "ARRAY['sign', 'poll', 'verify', 'return', 'uphold', 'recheck']",
        ),
        amending(
            "rectification_signer_rules", "ARRAY['accept', 'report', 'submit', 'reply']", f"{PUT_RIGHT} || {JUDGED}"
        ),
        amending("rectification_signer_rules", "  RETURN NEW;\n", BY_ANOTHER + "  RETURN NEW;\n"),
        amending(
            "rectification_item_rules",
            "action IN ('accept', 'report', 'submit', 'sign')",
            "action IN ('accept', 'report', 'complete_measure', 'reply', 'submit', 'sign')",
        ),
        migrations.RunSQL(POLL_RULES, "DROP FUNCTION rectification_poll_rules()"),
        guard("rectification_satisfactioncount", "rules", "BEFORE INSERT", "rectification_poll_rules()"),
    ]
