from django.db import migrations, models

UNDATED = """
UPDATE villages_village SET valid_to = (updated_at AT TIME ZONE 'Asia/Shanghai')::date
 WHERE status <> 'ACTIVE' AND valid_to IS NULL
"""

# Runs after the whole statement, so that one statement may end a chain of villages at once.
NO_CIRCLE = """
CREATE FUNCTION villages_no_circle() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    WITH RECURSIVE chain(id) AS (
      SELECT NEW.successor_id
      UNION
      SELECT v.successor_id FROM chain JOIN villages_village v ON v.division_id = chain.id
       WHERE v.successor_id IS NOT NULL
    ) SELECT 1 FROM chain WHERE id = NEW.division_id
  ) THEN
    RAISE EXCEPTION '村 % 并入的路径回到自己', NEW.division_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER villages_village_no_circle AFTER INSERT OR UPDATE OF successor_id ON villages_village
  FOR EACH ROW WHEN (NEW.successor_id IS NOT NULL) EXECUTE FUNCTION villages_no_circle();
"""
DROP = """
DROP TRIGGER villages_village_no_circle ON villages_village;
DROP FUNCTION villages_no_circle();
"""


class Migration(migrations.Migration):
    """What past coverage and open work are followed along: every end has its day, no path comes back to its start."""

    dependencies = [("villages", "0006_villages_that_a_roster_lacks_wait_for_a_decision")]
    operations = [
        migrations.RunSQL(UNDATED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='village',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'ACTIVE'), ('valid_to__isnull', False), _connector='OR'), name='village_ended_has_date'),
        ),
        migrations.AddConstraint(
            model_name='village',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), models.Q(('successor', models.F('division')), _negated=True), _connector='OR'), name='village_not_own_successor'),
        ),
        migrations.RunSQL(NO_CIRCLE, DROP),
    ]
