from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0002_rows_that_cannot_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='planentry',
            name='mode_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='方式与分类不一致的理由'),
        ),
        migrations.AddField(
            model_name='planentry',
            name='theme',
            field=models.CharField(blank=True, max_length=60, verbose_name='专项主题'),
        ),
    ]
