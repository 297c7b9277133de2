from django.db import migrations

FUNCTIONS = ("answer_rules", "appraisal_rules", "assessment_parts", "assessment_rules", "score_lines")


def each(change: str) -> str:
    return "".join(f"ALTER FUNCTION oversight_{one}() {change};\n" for one in FUNCTIONS)


class Migration(migrations.Migration):
    """PostgreSQL looks into pg_temp before all other schemas unless the path names it last."""

    dependencies = [("oversight", "0014_what_is_pressed_twice_is_made_once")]
    operations = [migrations.RunSQL(each("SET search_path = public, pg_temp"), each("RESET search_path"))]
