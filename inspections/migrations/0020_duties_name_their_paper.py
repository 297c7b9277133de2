from django.db import migrations, models

# The lines of the city's list, and of the counties' that came from it.
NAMED = {
    "一村一策拟定巡察方案": "PLAN",
    "张贴巡察公告、公布联系方式": "NOTICE",
    "形成巡察报告": "REPORT",
    "形成简要巡察报告": "REPORT",
}
PAPERS = [("PLAN", "巡察方案"), ("NOTICE", "巡察公告"), ("OUTLINE", "谈话提纲"), ("REPORT", "巡察报告")]


def name_them(apps, schema_editor):
    for title, paper in NAMED.items():
        apps.get_model("inspections", "DutyTemplate").objects.filter(title=title).update(paper=paper)


class Migration(migrations.Migration):
    """A duty that speaks of a paper is done once the paper is issued (A5)."""

    dependencies = [("inspections", "0019_no_stage_is_left_undone")]
    operations = [
        migrations.AddField(
            model_name="dutytemplate",
            name="paper",
            field=models.CharField(
                blank=True, choices=PAPERS, default="", max_length=15, verbose_name="所说的文书"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutytemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper__in", ["", "PLAN", "NOTICE", "OUTLINE", "REPORT"])),
                name="duty_template_paper_known",
            ),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
    ]
