from django.db import migrations, models

# Rows that are there already get no transaction. A savepoint has a number of its own (xmin), which is of no use here;
# txid_current() is that of the whole transaction.
COLUMN = """
ALTER TABLE common_auditevent ADD COLUMN transaction bigint NULL;
ALTER TABLE common_auditevent ALTER COLUMN transaction SET DEFAULT txid_current();
"""
FUNCTIONS = """
CREATE FUNCTION common_mover(kind text, object bigint, old_status text, new_status text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT actor_id FROM common_auditevent
           WHERE object_type = kind AND object_id = object::text AND transaction = txid_current()
             AND source = old_status AND target = new_status AND result = 'OK'
           ORDER BY id DESC LIMIT 1);
END $$;

CREATE FUNCTION common_told_move() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> OLD.status AND common_mover(TG_ARGV[0], NEW.id, OLD.status, NEW.status) IS NULL THEN
    RAISE EXCEPTION '% 从 % 变为 % 没有办理记录', TG_TABLE_NAME, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DROP = """
DROP FUNCTION common_told_move(), common_mover(text, bigint, text, text);
"""


class Migration(migrations.Migration):
    """A move leaves its event: the database asks the event that the same transaction wrote who made it."""

    dependencies = [("common", "0002_rows_that_cannot_change")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(COLUMN, "ALTER TABLE common_auditevent DROP COLUMN transaction")],
            [migrations.AddField(
                "auditevent",
                "transaction",
                models.BigIntegerField(
                    "数据库事务", null=True, editable=False, db_default=models.Func(function="txid_current")
                ),
            )],
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
