from django.db import migrations

from common.triggers import frozen_in, legal_moves, told_moves

PLAN = "inspections_annualplan"
FILED_BEFORE = """
INSERT INTO inspections_filing
  (version, created_at, updated_at, county_id, plan_id, filed_on, filed_by_id, answer, status, figures)
SELECT 1, updated_at, updated_at, county_id, id, updated_at::date, created_by_id, '', 'SUBMITTED',
  (SELECT jsonb_build_object('total', count(*)) FROM inspections_planentry WHERE plan_id = plan.id)
FROM inspections_annualplan AS plan WHERE status = 'FILED'
"""


class Migration(migrations.Migration):
    """A plan that the city returned becomes a draft again; what was filed, and who keeps away, stays on record."""

    dependencies = [("inspections", "0015_recusals_forces_and_filings"), ("common", "0003_moves_leave_their_event")]
    operations = [
        migrations.RunSQL(FILED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"DROP TRIGGER {PLAN}_legal_moves ON {PLAN}; DROP TRIGGER {PLAN}_frozen ON {PLAN}",
            migrations.RunSQL.noop,
        ),
        legal_moves(
            PLAN, ["DRAFT", "APPROVED>FILED", "DRAFT>SUBMITTED", "FILED>DRAFT", "SUBMITTED>APPROVED", "SUBMITTED>DRAFT"]
        ),
        frozen_in(PLAN),
        legal_moves("inspections_filing", ["SUBMITTED", "SUBMITTED>ACCEPTED", "SUBMITTED>RETURNED"]),
        frozen_in("inspections_filing", "ACCEPTED", "RETURNED"),
        told_moves("inspections_filing", "inspections.Filing"),
        legal_moves("inspections_recusal", ["IN_FORCE", "IN_FORCE>LIFTED"]),
        frozen_in("inspections_recusal", "LIFTED"),
        told_moves("inspections_recusal", "inspections.Recusal"),
    ]
