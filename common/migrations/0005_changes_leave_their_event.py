from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION common_told_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE subject text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN RETURN NULL; END IF;
  IF TG_ARGV[0] <> '' THEN
    subject := (CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END) ->> TG_ARGV[1];
  END IF;
  IF NOT EXISTS (SELECT 1 FROM common_auditevent
                  WHERE transaction = txid_current() AND result = 'OK'
                    AND (TG_ARGV[0] = '' OR object_type = TG_ARGV[0] AND object_id = subject)) THEN
    RAISE EXCEPTION '% 的改动没有办理记录', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Whoever changes who is who tells it: asked at the end of the transaction, when a new row has its number."""

    dependencies = [("common", "0004_events_are_sealed")]
    operations = [
        migrations.AddIndex(
            "auditevent", models.Index(fields=["transaction"], name="audit_by_transaction")
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION common_told_change()"),
    ]
