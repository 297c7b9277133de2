import django.db.models.deletion
import django.db.models.expressions
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('villages', '0001_initial'),
        ('villages', '0002_rows_that_cannot_change'),
        ('villages', '0003_roster_rows_and_edits_by_hand'),
        ('villages', '0004_survey_position_and_saved_filters'),
        ('villages', '0005_rules_stand_in_sets'),
        ('villages', '0006_villages_that_a_roster_lacks_wait_for_a_decision'),
        ('villages', '0007_ended_villages_have_a_date_and_no_circle'),
        ('villages', '0008_an_approved_class_stays_and_shows'),
        ('villages', '0009_imports_run_in_the_background_and_can_be_undone'),
    ]

    dependencies = [
        ('accounts', '0001_schema'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VillageKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='代码')),
                ('klass', models.CharField(choices=[('KEY_FOCUS', '重点关注村'), ('RISK', '风险隐患村'), ('ORDINARY', '一般普通村')], max_length=10, verbose_name='类别')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('order', models.PositiveSmallIntegerField(verbose_name='序号')),
            ],
            options={
                'verbose_name': '村细类',
                'ordering': ['order'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('name', '待定名'), _negated=True), fields=('name',), name='village_kind_name_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（空为全市默认）')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟定人')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='拟定时间')),
                ('enabled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='启用人')),
                ('enabled_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='停用或放弃时间')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
            ],
            options={
                'verbose_name': '分类规则',
                'ordering': ['-id'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('enabled_at__isnull', False), ('retired_at', None)), fields=('county',), name='rule_set_one_in_force', nulls_distinct=False),
                    models.UniqueConstraint(condition=models.Q(('enabled_at', None), ('retired_at', None)), fields=('county',), name='rule_set_one_draft', nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name='SuggestionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='villages.ruleset', verbose_name='分类规则')),
                ('order', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('field', models.CharField(max_length=40, verbose_name='字段')),
                ('operator', models.CharField(max_length=4, verbose_name='比较')),
                ('value', models.CharField(max_length=40, verbose_name='值')),
                ('klass', models.CharField(choices=[('KEY_FOCUS', '重点关注村'), ('RISK', '风险隐患村'), ('ORDINARY', '一般普通村')], max_length=10, verbose_name='建议类别')),
                ('kind', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.villagekind', verbose_name='建议细类')),
                ('reason', models.CharField(max_length=120, verbose_name='理由')),
            ],
            options={
                'verbose_name': '分类建议规则',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('asked', models.JSONField(verbose_name='条件')),
            ],
            options={
                'verbose_name': '常用筛选',
                'ordering': ['name'],
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'name'), name='saved_filter_name_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RosterImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='范围（空为全市）')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='上传时间')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('sha256', models.CharField(max_length=64, verbose_name='文件指纹')),
                ('stored_as', models.CharField(blank=True, max_length=80, verbose_name='存放名')),
                ('data_version', models.CharField(max_length=64, verbose_name='预检时的数据版本')),
                ('result', models.JSONField(default=dict, verbose_name='结果')),
                ('committed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('committed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('discarded_at', models.DateTimeField(blank=True, null=True, verbose_name='放弃时间')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='预检失败时间')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='撤回时间')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤回人')),
                ('undo_reason', models.CharField(blank=True, max_length=200, verbose_name='撤回原因')),
                ('job', models.CharField(blank=True, choices=[('PREVIEW', '预检'), ('COMMIT', '写入'), ('UNDO', '撤回')], max_length=10, verbose_name='后台办理')),
                ('job_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='交办人')),
                ('job_at', models.DateTimeField(blank=True, null=True, verbose_name='交办时间')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='已试次数')),
                ('error', models.CharField(blank=True, max_length=500, verbose_name='没有办成的原因')),
            ],
            options={
                'verbose_name': '名册导入',
                'indexes': [
                    models.Index(fields=['county', '-uploaded_at'], name='roster_import_county'),
                    models.Index(condition=models.Q(('job', ''), _negated=True), fields=['job_at'], name='roster_import_waiting'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('committed_at', None), models.Q(('discarded_at', None), ('failed_at', None)), _connector='OR'), name='roster_import_one_end'),
                    models.CheckConstraint(condition=models.Q(('undone_at', None), ('committed_at__isnull', False), _connector='OR'), name='roster_import_undone_was_committed'),
                    models.CheckConstraint(condition=models.Q(('job', ''), models.Q(('committed_at', None), ('discarded_at', None), ('failed_at', None), ('job__in', ['PREVIEW', 'COMMIT'])), models.Q(('committed_at__isnull', False), ('job', 'UNDO'), ('undone_at', None)), _connector='OR'), name='roster_import_job_fits'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('division', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='village', serialize=False, to='accounts.division', verbose_name='行政区划')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('status', models.CharField(choices=[('ACTIVE', '在册'), ('MERGED', '已并入'), ('WITHDRAWN', '已撤销')], default='ACTIVE', max_length=10, verbose_name='状态')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='villages.village', verbose_name='并入')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='设立或启用日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='撤并日期')),
                ('category', models.CharField(choices=[('VILLAGE', '村'), ('COMMUNITY', '社区')], default='VILLAGE', max_length=10, verbose_name='类型')),
                ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='户数')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='人口')),
                ('party_members', models.PositiveIntegerField(blank=True, null=True, verbose_name='党员数')),
                ('organisation_type', models.CharField(blank=True, max_length=20, verbose_name='党组织类型')),
                ('secretary', models.CharField(blank=True, max_length=40, verbose_name='党组织书记')),
                ('secretary_is_director', models.BooleanField(blank=True, null=True, verbose_name='一肩挑')),
                ('annual_income', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='村集体经济年收入（元）')),
                ('resources', models.CharField(blank=True, max_length=100, verbose_name='资源禀赋')),
                ('location', models.CharField(blank=True, max_length=60, verbose_name='区位条件')),
                ('cadre_relations', models.CharField(blank=True, choices=[('HARMONIOUS', '融洽'), ('NORMAL', '一般'), ('TENSE', '紧张')], max_length=12, verbose_name='干群关系')),
                ('petitions_3y', models.PositiveIntegerField(blank=True, null=True, verbose_name='近三年信访件次')),
                ('is_lifted_poverty', models.BooleanField(blank=True, null=True, verbose_name='脱贫村')),
                ('is_demonstration', models.BooleanField(blank=True, null=True, verbose_name='乡村振兴示范村')),
                ('is_weak_lax', models.BooleanField(blank=True, null=True, verbose_name='软弱涣散村')),
                ('last_inspected_on', models.DateField(blank=True, null=True, verbose_name='上次巡察时间')),
                ('mark', models.CharField(blank=True, choices=[('', '无'), ('PILOT', '试点'), ('DEMONSTRATION', '示范')], default='', max_length=15, verbose_name='试点示范')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('surveyed_on', models.DateField(blank=True, null=True, verbose_name='摸排日期')),
                ('surveyor', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='摸排人')),
                ('dimensions', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Case(models.When(models.Q(('organisation_type', '')), then=0), default=1), '+', models.Case(models.When(models.Q(('annual_income__isnull', True)), then=0), default=1)), '+', models.Case(models.When(models.Q(('resources', '')), then=0), default=1)), '+', models.Case(models.When(models.Q(('location', '')), then=0), default=1)), '+', models.Case(models.When(models.Q(('cadre_relations', '')), then=0), default=1)), output_field=models.PositiveSmallIntegerField(), verbose_name='已摸排的项')),
                ('longitude', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='经度')),
                ('latitude', models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name='纬度')),
                ('datum', models.CharField(blank=True, choices=[('CGCS2000', '2000 国家大地坐标系'), ('WGS84', 'WGS-84（卫星定位）'), ('GCJ02', 'GCJ-02（国测局加密）')], db_default='', default='', max_length=10, verbose_name='坐标系')),
                ('klass', models.CharField(blank=True, choices=[('KEY_FOCUS', '重点关注村'), ('RISK', '风险隐患村'), ('ORDINARY', '一般普通村')], editable=False, max_length=10, null=True, verbose_name='现行分类')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('missing_from', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='missing_villages', to='villages.rosterimport', verbose_name='没有本村的名册（待决定）')),
            ],
            options={
                'verbose_name': '村（社区）',
                'indexes': [
                    models.Index(fields=['county', 'status'], name='village_county'),
                    models.Index(fields=['township', 'status'], name='village_township'),
                    models.Index(condition=models.Q(('missing_from__isnull', False), ('status', 'ACTIVE')), fields=['county', 'township'], name='village_undecided'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'MERGED', 'WITHDRAWN'])), name='village_status_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'MERGED'), _negated=True), ('successor__isnull', False), _connector='OR'), name='village_merged_has_successor'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'ACTIVE'), _negated=True), models.Q(('successor', None), ('valid_to', None)), _connector='OR'), name='village_active_has_no_end'),
                    models.CheckConstraint(condition=models.Q(('status', 'ACTIVE'), ('valid_to__isnull', False), _connector='OR'), name='village_ended_has_date'),
                    models.CheckConstraint(condition=models.Q(('successor', None), models.Q(('successor', models.F('division')), _negated=True), _connector='OR'), name='village_not_own_successor'),
                    models.CheckConstraint(condition=models.Q(('klass', None), ('klass__in', ['KEY_FOCUS', 'RISK', 'ORDINARY']), _connector='OR'), name='village_class_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('datum', ''), ('latitude', None), ('longitude', None)), models.Q(('datum__in', ['CGCS2000', 'WGS84', 'GCJ02']), ('latitude__range', (Decimal('3.8'), Decimal('53.6'))), ('longitude__range', (Decimal('73.4'), Decimal('135.1')))), _connector='OR'), name='village_position_whole_and_in_china'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='villages.village', verbose_name='村（社区）')),
                ('origin', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.village', verbose_name='原村（随建制调整转来）')),
                ('klass', models.CharField(choices=[('KEY_FOCUS', '重点关注村'), ('RISK', '风险隐患村'), ('ORDINARY', '一般普通村')], max_length=10, verbose_name='类别')),
                ('status', models.CharField(choices=[('PROPOSED', '待审定'), ('APPROVED', '现行'), ('REJECTED', '未通过'), ('SUPERSEDED', '已被新分类替代')], default='PROPOSED', editable=False, max_length=12, verbose_name='状态')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('proposer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('approver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人')),
                ('approved_on', models.DateField(null=True, verbose_name='审定日期')),
                ('kinds', models.ManyToManyField(blank=True, to='villages.villagekind', verbose_name='细类')),
            ],
            options={
                'verbose_name': '村分类',
                'indexes': [
                    models.Index(fields=['county', 'status'], name='classification_county'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('status', 'APPROVED')), fields=('village',), name='classification_one_current'),
                    models.UniqueConstraint(condition=models.Q(('status', 'PROPOSED')), fields=('village',), name='classification_one_proposed'),
                    models.CheckConstraint(condition=models.Q(('klass__in', ['KEY_FOCUS', 'RISK', 'ORDINARY'])), name='classification_class_known'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['PROPOSED', 'APPROVED', 'REJECTED', 'SUPERSEDED'])), name='classification_status_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['APPROVED', 'SUPERSEDED']), _negated=True), models.Q(('approved_on__isnull', False), ('approver__isnull', False)), _connector='OR'), name='classification_approved_by_whom'),
                    models.CheckConstraint(condition=models.Q(('approver', None), models.Q(('approver', models.F('proposer')), _negated=True), _connector='OR'), name='classification_approver_not_proposer'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RosterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='planned_rows', to='villages.rosterimport', verbose_name='名册导入')),
                ('change', models.CharField(choices=[('CREATED', '新增'), ('CHANGED', '变更'), ('RENAMED', '更名'), ('MERGED', '并入'), ('WITHDRAWN', '撤销'), ('MISSING', '文件中没有'), ('REFUSED', '未通过')], max_length=10, verbose_name='变化')),
                ('row', models.PositiveIntegerField(null=True, verbose_name='行号')),
                ('code', models.CharField(blank=True, max_length=12, verbose_name='统计区划代码')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='村（社区）名称')),
                ('county', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('township', models.CharField(blank=True, max_length=60, verbose_name='乡镇（街道）')),
                ('township_code', models.CharField(blank=True, max_length=12, verbose_name='乡镇（街道）代码')),
                ('successor', models.CharField(blank=True, max_length=12, verbose_name='并入村代码')),
                ('fields', models.JSONField(default=dict, verbose_name='字段变化')),
                ('column', models.CharField(blank=True, max_length=40, verbose_name='列')),
                ('value', models.CharField(blank=True, max_length=200, verbose_name='原值')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因和改法')),
            ],
            options={
                'verbose_name': '名册预检行',
                'indexes': [
                    models.Index(fields=['roster', 'change', 'id'], name='roster_row_by_change'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RosterChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='县（市、区）')),
                ('village', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='rosterchanges', to='villages.village', verbose_name='村（社区）')),
                ('township', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.division', verbose_name='乡镇（街道）')),
                ('township_before', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.division', verbose_name='原乡镇（街道）')),
                ('code', models.CharField(blank=True, max_length=12, verbose_name='统计区划代码')),
                ('roster', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='villages.rosterimport', verbose_name='名册导入（空为手工修改）')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
                ('change', models.CharField(choices=[('CREATED', '新增'), ('CHANGED', '变更'), ('RENAMED', '更名'), ('MERGED', '并入'), ('WITHDRAWN', '撤销'), ('RECODED', '改用新代码'), ('KEPT', '保留'), ('RESTORED', '恢复建制'), ('UNDONE', '撤回变更'), ('REMOVED', '撤回新增')], max_length=10, verbose_name='变化')),
                ('fields', models.JSONField(default=dict, verbose_name='字段变化')),
                ('document', models.CharField(blank=True, db_default='', max_length=80, verbose_name='批复文号')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                ('reason', models.CharField(blank=True, db_default='', max_length=300, verbose_name='理由')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
            ],
            options={
                'verbose_name': '名册变更',
                'indexes': [
                    models.Index(fields=['village', '-id'], name='roster_change_village'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('roster__isnull', False), ('actor__isnull', False), _connector='OR'), name='roster_change_by_import_or_by_hand'),
                ],
            },
        ),
    ]
