import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_keepers_of_the_system_need_a_second_person'),
        ('inspections', '0012_nobody_decides_on_what_he_wrote'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='checklist',
            options={'ordering': [models.OrderBy(models.F('in_force_from'), descending=True, nulls_first=True), '-number'], 'verbose_name': '问题清单'},
        ),
        migrations.AddField(
            model_name='checklist',
            name='base',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.checklist', verbose_name='据以起草的版本'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='county',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='drafted_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='enabled_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启用人'),
        ),
        migrations.AddField(
            model_name='checklist',
            name='revision',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='修改次数'),
        ),
        migrations.AddField(
            model_name='checklistitem',
            name='own',
            field=models.BooleanField(default=False, verbose_name='本县增加'),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='in_force_from',
            field=models.DateField(blank=True, null=True, verbose_name='启用日期'),
        ),
        migrations.AlterField(
            model_name='checklist',
            name='number',
            field=models.PositiveSmallIntegerField(verbose_name='版本号'),
        ),
        migrations.AlterField(
            model_name='checklistitem',
            name='checklist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='inspections.checklist', verbose_name='清单'),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='checklist_number_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.UniqueConstraint(condition=models.Q(('in_force_from', None)), fields=('county',), name='checklist_one_draft', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='checklist',
            constraint=models.CheckConstraint(condition=models.Q(('county', None), ('base__isnull', False), _connector='OR'), name='checklist_county_has_base'),
        ),
    ]
