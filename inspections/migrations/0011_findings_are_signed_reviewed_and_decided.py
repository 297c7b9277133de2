import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two inspectors sign, the deputy reviews, the leader decides; a number is given with the decision, not before."""

    dependencies = [
        ('accounts', '0003_keepers_of_the_system_need_a_second_person'),
        ('inspections', '0010_what_lies_in_the_field_stays'),
        ('villages', '0009_imports_run_in_the_background_and_can_be_undone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_status_known',
        ),
        migrations.AddField(
            model_name='finding',
            name='approved_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人'),
        ),
        migrations.AddField(
            model_name='finding',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='inspections.finding', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='finding',
            name='reviewed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审人'),
        ),
        migrations.AlterField(
            model_name='finding',
            name='number',
            field=models.CharField(editable=False, max_length=40, null=True, unique=True, verbose_name='编号'),
        ),
        migrations.RunSQL(
            "UPDATE inspections_finding SET number = NULL WHERE status IN ('DRAFT', 'REJECTED')", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name='finding',
            name='status',
            field=models.CharField(choices=[('DRAFT', '底稿'), ('SIGNED', '待初审'), ('REVIEWED', '待审定'), ('CONFIRMED', '已确认'), ('REJECTED', '不予认定'), ('MERGED', '已合并'), ('FED_BACK', '已反馈')], default='DRAFT', editable=False, max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'SIGNED', 'REVIEWED', 'CONFIRMED', 'REJECTED', 'MERGED', 'FED_BACK'])), name='finding_status_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', False), ('status__in', ('CONFIRMED', 'FED_BACK'))), models.Q(models.Q(('status__in', ('CONFIRMED', 'FED_BACK')), _negated=True), ('number', None)), _connector='OR'), name='finding_numbered_iff_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('status', 'MERGED')), models.Q(models.Q(('status', 'MERGED'), _negated=True), ('merged_into', None)), _connector='OR'), name='finding_merged_iff_into'),
        ),
    ]
