import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import oversight.models.issues
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('oversight', '0001_common_issues_and_campaigns'),
        ('oversight', '0002_issues_and_campaigns_move_by_the_rules'),
        ('oversight', '0003_occasions_and_what_follows'),
        ('oversight', '0004_what_was_said_stays'),
        ('oversight', '0005_self_checks'),
        ('oversight', '0006_confirmed_answers_stay'),
        ('oversight', '0007_circulars'),
        ('oversight', '0008_boards_are_counted_as_rows_change'),
        ('oversight', '0009_the_database_counts_for_the_boards'),
        ('oversight', '0010_assessments_and_appraisals'),
        ('oversight', '0011_published_scores_stay'),
        ('oversight', '0012_work_follows_its_village'),
        ('oversight', '0013_each_facet_by_itself'),
        ('oversight', '0014_what_is_pressed_twice_is_made_once'),
        ('oversight', '0015_no_temporary_table_deceives'),
    ]

    dependencies = [
        ('accounts', '0001_schema'),
        ('inspections', '0001_schema'),
        ('villages', '0001_schema'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='提交标识')),
                ('kind', models.CharField(choices=[('GUIDANCE_VISIT', '指导督导'), ('TALK', '工作约谈'), ('HEARING', '听取研究'), ('APPRAISAL', '激励考核')], max_length=14, verbose_name='类别')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='主持的市、县')),
                ('township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='约谈的乡镇（街道）')),
                ('title', models.CharField(max_length=80, verbose_name='主题')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='起因')),
                ('day', models.DateField(verbose_name='日期')),
                ('people', models.CharField(blank=True, max_length=300, verbose_name='参加人员')),
                ('record', models.TextField(blank=True, max_length=4000, verbose_name='情况记录')),
                ('arranged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='安排人')),
                ('status', models.CharField(choices=[('PLANNED', '已安排'), ('HELD', '已进行'), ('DROPPED', '不进行')], default='PLANNED', editable=False, max_length=10, verbose_name='状态')),
            ],
            options={
                'verbose_name': '督导活动',
                'indexes': [
                    models.Index(fields=['county', 'kind', '-day'], name='occasion_of_county'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'HELD', 'DROPPED'])), name='occasion_status_known'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['GUIDANCE_VISIT', 'TALK', 'HEARING', 'APPRAISAL'])), name='occasion_kind_known'),
                    models.CheckConstraint(condition=models.Q(('township', None), ('kind', 'TALK'), _connector='OR'), name='occasion_township_is_talked_to'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ('GUIDANCE_VISIT', 'TALK')), ('place', models.F('county')), _connector='OR'), name='occasion_heard_by_its_county'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'HELD'), _negated=True), models.Q(models.Q(('record', ''), _negated=True), models.Q(('people', ''), _negated=True)), _connector='OR'), name='occasion_held_on_record'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='提交标识')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='oversight.occasion', verbose_name='督导活动')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('text', models.CharField(max_length=300, verbose_name='要求')),
                ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organ', verbose_name='落实单位')),
                ('due', models.DateField(verbose_name='期限')),
                ('answer', models.CharField(blank=True, max_length=1000, verbose_name='落实情况')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='报送人')),
                ('status', models.CharField(choices=[('OPEN', '待落实'), ('ANSWERED', '已报落实'), ('DONE', '已办结')], default='OPEN', editable=False, max_length=10, verbose_name='状态')),
            ],
            options={
                'verbose_name': '后续事项',
                'indexes': [
                    models.Index(condition=models.Q(('status', 'DONE'), _negated=True), fields=['organ', 'due'], name='follow_up_of_organ'),
                    models.Index(condition=models.Q(('status', 'DONE'), _negated=True), fields=['county', 'due'], name='follow_up_of_county'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'ANSWERED', 'DONE'])), name='follow_up_status_known'),
                    models.UniqueConstraint(fields=('occasion', 'number'), name='follow_up_numbered_once'),
                    models.CheckConstraint(condition=models.Q(('status', 'OPEN'), models.Q(models.Q(('answer', ''), _negated=True), ('answered_by__isnull', False)), _connector='OR'), name='follow_up_answered_in_words'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TalkRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='市、县')),
                ('behind', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='覆盖率低于目标（百分点）')),
                ('overdue_days', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='整改超期（天）')),
                ('overdue_items', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='超期事项（件）')),
            ],
            options={
                'verbose_name': '约谈规则',
            },
        ),
        migrations.CreateModel(
            name='QualityMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.inspection', verbose_name='巡察')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_marks', to=settings.AUTH_USER_MODEL, verbose_name='组员')),
                ('grade', models.CharField(choices=[('GOOD', '好'), ('FAIR', '合格'), ('POOR', '须改进')], max_length=4, verbose_name='评价')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='评价人')),
                ('given_on', models.DateField(verbose_name='评价日期')),
            ],
            options={
                'verbose_name': '底稿质量评价',
                'indexes': [
                    models.Index(fields=['county', 'member'], name='quality_mark_of_member'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('inspection', 'member'), name='quality_mark_once'),
                    models.CheckConstraint(condition=models.Q(('grade__in', ['GOOD', 'FAIR', 'POOR'])), name='quality_mark_known'),
                    models.CheckConstraint(condition=models.Q(('member', models.F('given_by')), _negated=True), name='quality_mark_not_for_oneself'),
                    models.CheckConstraint(condition=models.Q(models.Q(('grade', 'POOR'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='quality_mark_says_what_to_improve'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Commendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commendations', to='oversight.occasion', verbose_name='激励考核')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.team', verbose_name='巡察组')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commendations', to=settings.AUTH_USER_MODEL, verbose_name='组员')),
                ('text', models.CharField(max_length=200, verbose_name='事由')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
            ],
            options={
                'verbose_name': '表扬',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('team', None)), models.Q(('member', None), ('team__isnull', False)), _connector='OR'), name='commendation_of_a_team_or_a_person'),
                    models.UniqueConstraint(fields=('occasion', 'team'), name='commendation_once_a_team'),
                    models.UniqueConstraint(fields=('occasion', 'member'), name='commendation_once_a_person'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='市')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='年度')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='考核说明')),
                ('most_points', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MaxValueValidator(20)], verbose_name='加减分上限')),
                ('is_ranked', models.BooleanField(default=False, verbose_name='向各县公布排名')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟定人')),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='公布人')),
                ('published_on', models.DateField(editable=False, null=True, verbose_name='公布日期')),
                ('status', models.CharField(choices=[('DRAFT', '拟定中'), ('IN_FORCE', '执行中'), ('PUBLISHED', '已公布')], default='DRAFT', editable=False, max_length=10, verbose_name='状态')),
            ],
            options={
                'verbose_name': '目标考核',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'IN_FORCE', 'PUBLISHED'])), name='assessment_status_known'),
                    models.UniqueConstraint(fields=('place', 'year'), name='assessment_once_a_year'),
                    models.CheckConstraint(condition=models.Q(models.Q(('published_by__isnull', False), ('published_on__isnull', False), ('status', 'PUBLISHED')), models.Q(models.Q(('status', 'PUBLISHED'), _negated=True), ('published_by', None), ('published_on', None)), _connector='OR'), name='assessment_published_by_whom'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='oversight.assessment', verbose_name='目标考核')),
                ('measure', models.CharField(choices=[('COVERAGE', '巡察覆盖率'), ('ON_TIME', '按时整改率'), ('CLOSED', '整改销号率'), ('CONTENT', '群众满意率'), ('CLUES', '线索按时办理率'), ('TRUTHFUL', '自查属实率')], max_length=10, verbose_name='指标')),
                ('weight', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='权重')),
                ('full_at', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='满分线（%）')),
            ],
            options={
                'verbose_name': '考核指标',
                'ordering': ['id'],
                'constraints': [
                    models.UniqueConstraint(fields=('assessment', 'measure'), name='indicator_once'),
                    models.CheckConstraint(condition=models.Q(('measure__in', ['COVERAGE', 'ON_TIME', 'CLOSED', 'CONTENT', 'CLUES', 'TRUTHFUL'])), name='indicator_measure_known'),
                    models.CheckConstraint(condition=models.Q(('weight__range', (1, 100))), name='indicator_weight_in_percent'),
                    models.CheckConstraint(condition=models.Q(('full_at__range', (1, 100))), name='indicator_full_in_percent'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PointsGiven',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='提交标识')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given', to='oversight.assessment', verbose_name='目标考核')),
                ('points', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='加减分')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('given_on', models.DateField(verbose_name='登记日期')),
            ],
            options={
                'verbose_name': '加减分',
                'indexes': [
                    models.Index(fields=['assessment', 'county'], name='points_given_of_county'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('points', 0), _negated=True), name='points_given_not_nothing'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='points_given_with_reason'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CountyScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='oversight.assessment', verbose_name='目标考核')),
                ('computed', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='指标得分')),
                ('given', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='加减分')),
                ('total', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='总分')),
                ('rank', models.PositiveSmallIntegerField(null=True, verbose_name='名次')),
            ],
            options={
                'verbose_name': '考核得分',
                'constraints': [
                    models.UniqueConstraint(fields=('assessment', 'county'), name='county_score_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ScoreLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='oversight.countyscore', verbose_name='考核得分')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oversight.indicator', verbose_name='考核指标')),
                ('part', models.PositiveIntegerField(verbose_name='分子')),
                ('whole', models.PositiveIntegerField(verbose_name='分母')),
                ('rows', models.PositiveIntegerField(verbose_name='涉及')),
                ('points', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='得分')),
            ],
            options={
                'verbose_name': '指标得分',
                'constraints': [
                    models.UniqueConstraint(fields=('score', 'indicator'), name='score_line_once'),
                    models.CheckConstraint(condition=models.Q(('part__lte', models.F('whole'))), name='score_line_part_of_whole'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Circular',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='提交标识')),
                ('kind', models.CharField(choices=[('CIRCULAR', '情况通报'), ('REPORT', '专题报告')], max_length=10, verbose_name='文种')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='发文的市、县')),
                ('first_day', models.DateField(verbose_name='起')),
                ('last_day', models.DateField(verbose_name='止')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organ', verbose_name='主管部门')),
                ('subject', models.CharField(blank=True, max_length=40, verbose_name='专题')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('serial', models.PositiveIntegerField(blank=True, null=True, verbose_name='序号')),
                ('title', models.CharField(max_length=100, verbose_name='标题')),
                ('to', models.CharField(blank=True, max_length=100, verbose_name='主送')),
                ('issuer', models.CharField(max_length=60, verbose_name='落款')),
                ('sections', models.JSONField(default=list, verbose_name='正文')),
                ('figures', models.JSONField(default=dict, verbose_name='数据')),
                ('examples', models.JSONField(blank=True, default=list, verbose_name='典型问题')),
                ('as_of', models.DateField(verbose_name='数据截至')),
                ('status', models.CharField(choices=[('DRAFT', '拟稿'), ('ISSUED', '已签发'), ('DROPPED', '已作废')], default='DRAFT', editable=False, max_length=10, verbose_name='状态')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟稿人')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签发人')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='签发时间')),
            ],
            options={
                'verbose_name': '通报',
                'indexes': [
                    models.Index(fields=['place', 'kind', '-id'], name='circular_of_place'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['CIRCULAR', 'REPORT'])), name='circular_kind_known'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['DRAFT', 'ISSUED', 'DROPPED'])), name='circular_status_known'),
                    models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='circular_period_forward'),
                    models.CheckConstraint(condition=models.Q(models.Q(('department', None), ('kind', 'CIRCULAR'), ('subject', '')), models.Q(('department__isnull', False), ('kind', 'REPORT'), models.Q(('subject', ''), _negated=True)), _connector='OR'), name='circular_report_about_what_to_whom'),
                    models.CheckConstraint(condition=models.Q(models.Q(('issued_by__isnull', False), ('serial__isnull', False), ('status', 'ISSUED'), ('issued_at__isnull', False)), models.Q(models.Q(('status', 'ISSUED'), _negated=True), ('issued_at', None), ('issued_by', None), ('serial', None)), _connector='OR'), name='circular_issued_by_whom'),
                    models.CheckConstraint(condition=models.Q(('issued_by', None), models.Q(('issued_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='circular_two_persons'),
                    models.UniqueConstraint(fields=('place', 'kind', 'year', 'serial'), name='circular_numbered_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CircularReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organ', verbose_name='单位')),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签阅人')),
                ('read_at', models.DateTimeField(null=True, verbose_name='签阅时间')),
                ('circular', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='oversight.circular', verbose_name='通报')),
            ],
            options={
                'verbose_name': '通报签阅',
                'constraints': [
                    models.UniqueConstraint(fields=('circular', 'organ'), name='circular_goes_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('read_at', None), ('read_by', None)), models.Q(('read_at__isnull', False), ('read_by__isnull', False)), _connector='OR'), name='circular_read_by_whom'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CommonSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('villages', models.PositiveSmallIntegerField(default=5, verbose_name='涉及村不少于（个）')),
                ('townships', models.PositiveSmallIntegerField(default=2, verbose_name='涉及乡镇不少于（个）')),
                ('share', models.PositiveSmallIntegerField(default=20, verbose_name='占已反馈村不少于（%）')),
                ('remind_days', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=oversight.models.issues.remind_days, size=None, verbose_name='自查提醒日')),
            ],
            options={
                'verbose_name': '共性问题阈值',
                'constraints': [
                    models.UniqueConstraint(fields=('county',), name='common_setting_once'),
                    models.CheckConstraint(condition=models.Q(('share__lte', 100), ('townships__gte', 1), ('villages__gte', 2)), name='common_setting_sense'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CommonIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('code', models.CharField(max_length=10, verbose_name='清单编号')),
                ('text', models.CharField(max_length=120, verbose_name='具体问题')),
                ('point', models.CharField(max_length=40, verbose_name='点位')),
                ('villages', models.PositiveIntegerField(verbose_name='涉及村')),
                ('townships', models.PositiveIntegerField(verbose_name='涉及乡镇')),
                ('inspected', models.PositiveIntegerField(verbose_name='已反馈村')),
                ('findings', models.PositiveIntegerField(verbose_name='问题数')),
                ('analysis', models.TextField(max_length=2000, verbose_name='成因分析和整治建议')),
                ('department', models.ForeignKey(limit_choices_to={'kind': 'FUNCTIONAL_DEPARTMENT'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organ', verbose_name='牵头部门')),
                ('deadline', models.DateField(verbose_name='整治时限')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='oversight.circular', verbose_name='据以提出的专题报告')),
                ('status', models.CharField(choices=[('PROPOSED', '待县委审批'), ('RETURNED', '已退回'), ('APPROVED', '已批准')], default='PROPOSED', editable=False, max_length=10, verbose_name='状态')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('opened_on', models.DateField(verbose_name='提出日期')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
            ],
            options={
                'verbose_name': '共性问题',
                'indexes': [
                    models.Index(fields=['county', 'status', '-id'], name='common_issue_county'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['PROPOSED', 'RETURNED', 'APPROVED'])), name='common_issue_status_known'),
                    models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('opened_by')), _negated=True), _connector='OR'), name='common_issue_two_persons'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'APPROVED'), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='common_issue_by_whom'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('issue', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='campaign', to='oversight.commonissue', verbose_name='共性问题')),
                ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='accounts.organ', verbose_name='牵头部门')),
                ('deadline', models.DateField(verbose_name='整治时限')),
                ('plan', models.TextField(blank=True, max_length=2000, verbose_name='整治措施')),
                ('result', models.TextField(blank=True, max_length=2000, verbose_name='整治结果')),
                ('status', models.CharField(choices=[('ASSIGNED', '待部门受领'), ('RUNNING', '整治中'), ('REPORTED', '待县级验收'), ('CLOSED', '已结束')], default='ASSIGNED', editable=False, max_length=10, verbose_name='状态')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
            ],
            options={
                'verbose_name': '专项整治',
                'indexes': [
                    models.Index(fields=['organ', 'status'], name='campaign_organ'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['ASSIGNED', 'RUNNING', 'REPORTED', 'CLOSED'])), name='campaign_status_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('status', 'CLOSED')), models.Q(models.Q(('status', 'CLOSED'), _negated=True), ('closed_on', None)), _connector='OR'), name='campaign_closed_iff_closed_on'),
                    models.CheckConstraint(condition=models.Q(('status', 'ASSIGNED'), models.Q(('plan', ''), _negated=True), _connector='OR'), name='campaign_taken_on_with_plan'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CampaignFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='oversight.campaign', verbose_name='专项整治')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='inspections.finding', verbose_name='问题')),
            ],
            options={
                'verbose_name': '专项整治的问题',
                'constraints': [
                    models.UniqueConstraint(fields=('campaign', 'finding'), name='campaign_finding_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CampaignTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='villages.village', verbose_name='村（社区）')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='oversight.campaign', verbose_name='专项整治')),
                ('origin', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.village', verbose_name='原在村')),
                ('measure', models.CharField(blank=True, max_length=300, verbose_name='任务')),
                ('deadline', models.DateField(verbose_name='时限')),
                ('result', models.CharField(blank=True, max_length=500, verbose_name='结果')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                ('done_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('status', models.CharField(choices=[('OPEN', '待整治'), ('DONE', '已整治')], default='OPEN', editable=False, max_length=10, verbose_name='状态')),
            ],
            options={
                'verbose_name': '专项整治任务',
                'indexes': [
                    models.Index(fields=['township', 'status'], name='campaign_task_township'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'DONE'])), name='campaign_task_status_known'),
                    models.UniqueConstraint(models.F('campaign'), django.db.models.functions.comparison.Coalesce('origin', 'village'), name='campaign_task_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_by__isnull', False), ('done_on__isnull', False), ('status', 'DONE'), models.Q(('result', ''), _negated=True)), models.Q(('done_by', None), ('done_on', None), ('status', 'OPEN')), _connector='OR'), name='campaign_task_done_with_result'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SelfCheckNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('key', models.UUIDField(editable=False, null=True, unique=True, verbose_name='提交标识')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.term', verbose_name='届期')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('text', models.TextField(max_length=2000, verbose_name='要求')),
                ('due_on', models.DateField(verbose_name='答复时限')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                ('issued_on', models.DateField(verbose_name='发出日期')),
            ],
            options={
                'verbose_name': '自查通知',
                'indexes': [
                    models.Index(fields=['county', '-id'], name='self_check_notice_county'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('issued_on'))), name='self_check_notice_due_later'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SelfCheckItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='oversight.selfchecknotice', verbose_name='自查通知')),
                ('code', models.CharField(max_length=10, verbose_name='清单编号')),
                ('text', models.CharField(max_length=120, verbose_name='具体问题')),
            ],
            options={
                'verbose_name': '自查条目',
                'ordering': ['code'],
                'constraints': [
                    models.UniqueConstraint(fields=('notice', 'code'), name='self_check_item_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SelfCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='villages.village', verbose_name='村（社区）')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='oversight.selfchecknotice', verbose_name='自查通知')),
                ('origin', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.village', verbose_name='原在村')),
                ('status', models.CharField(choices=[('OPEN', '待自查'), ('ANSWERED', '待乡镇确认'), ('CONFIRMED', '已确认')], default='OPEN', editable=False, max_length=10, verbose_name='状态')),
                ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='填报人')),
                ('answered_on', models.DateField(editable=False, null=True, verbose_name='填报日期')),
                ('is_proxy', models.BooleanField(default=False, editable=False, verbose_name='代填')),
                ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('confirmed_on', models.DateField(editable=False, null=True, verbose_name='确认日期')),
            ],
            options={
                'verbose_name': '村自查',
                'indexes': [
                    models.Index(fields=['township', 'status'], name='self_check_township'),
                    models.Index(fields=['village'], name='self_check_village'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'ANSWERED', 'CONFIRMED'])), name='self_check_status_known'),
                    models.UniqueConstraint(models.F('notice'), django.db.models.functions.comparison.Coalesce('origin', 'village'), name='self_check_once'),
                    models.CheckConstraint(condition=models.Q(('status', 'OPEN'), models.Q(('answered_by__isnull', False), ('answered_on__isnull', False)), _connector='OR'), name='self_check_answered_by_whom'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by__isnull', False), ('confirmed_on__isnull', False), ('status', 'CONFIRMED')), models.Q(models.Q(('status', 'CONFIRMED'), _negated=True), ('confirmed_by', None), ('confirmed_on', None)), _connector='OR'), name='self_check_confirmed_by_whom'),
                    models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('answered_by')), _negated=True), _connector='OR'), name='self_check_two_persons'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SelfCheckAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='oversight.selfcheck', verbose_name='村自查')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='oversight.selfcheckitem', verbose_name='条目')),
                ('answer', models.CharField(choices=[('HAS', '有'), ('NONE', '无'), ('FIXED', '已改')], max_length=8, verbose_name='答复')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='怎样改的、打算怎样改')),
            ],
            options={
                'verbose_name': '自查答复',
                'constraints': [
                    models.UniqueConstraint(fields=('check_of', 'item'), name='self_check_answer_once'),
                    models.CheckConstraint(condition=models.Q(('answer__in', ['HAS', 'NONE', 'FIXED'])), name='self_check_answer_known'),
                    models.CheckConstraint(condition=models.Q(('answer', 'NONE'), models.Q(('note', ''), _negated=True), _connector='OR'), name='self_check_answer_with_what_was_done'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SelfCheckReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='oversight.selfcheck', verbose_name='村自查')),
                ('days', models.SmallIntegerField(verbose_name='距时限天数')),
                ('on', models.DateField(verbose_name='提醒日期')),
            ],
            options={
                'verbose_name': '自查提醒',
                'constraints': [
                    models.UniqueConstraint(fields=('check_of', 'days'), name='self_check_reminder_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ItemTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('year', models.PositiveSmallIntegerField(verbose_name='计划年度')),
                ('n', models.IntegerField(verbose_name='件数')),
                ('status', models.CharField(choices=[('ASSIGNED', '待签收'), ('IN_PROGRESS', '整改中'), ('UNDER_SUPERVISION', '监督核查中'), ('UNDER_VERIFICATION', '待县级验收'), ('CLOSED', '已销号')], max_length=20, null=True, verbose_name='状态')),
                ('deadline', models.DateField(null=True, verbose_name='整改时限')),
                ('assigned', models.DateField(null=True, verbose_name='交办月份')),
                ('closed', models.DateField(null=True, verbose_name='销号月份')),
                ('span', models.PositiveSmallIntegerField(null=True, verbose_name='用时区间')),
                ('days', models.BigIntegerField(verbose_name='用时天数合计')),
            ],
            options={
                'verbose_name': '整改事项计数',
                'indexes': [
                    models.Index(fields=['county', 'township'], name='item_tally_county'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FindingTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('year', models.PositiveSmallIntegerField(verbose_name='计划年度')),
                ('n', models.IntegerField(verbose_name='件数')),
                ('checklist_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.checklistitem', verbose_name='清单条目')),
            ],
            options={
                'verbose_name': '已反馈问题计数',
                'indexes': [
                    models.Index(fields=['county', 'township'], name='finding_tally_county'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ContentTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('year', models.PositiveSmallIntegerField(verbose_name='计划年度')),
                ('n', models.IntegerField(verbose_name='件数')),
                ('asked', models.IntegerField(verbose_name='参与人数')),
                ('content', models.IntegerField(verbose_name='满意和基本满意')),
            ],
            options={
                'verbose_name': '满意度计数',
                'indexes': [
                    models.Index(fields=['county', 'township'], name='content_tally_county'),
                ],
            },
        ),
    ]
