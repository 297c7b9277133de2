import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_places_may_be_marked'),
        ('accounts', '0003_keepers_of_the_system_need_a_second_person'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Division',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='统计区划代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('tier', models.CharField(choices=[('CITY', '市'), ('COUNTY', '县（市、区）'), ('TOWNSHIP', '乡镇（街道）'), ('VILLAGE', '村（社区）')], max_length=10, verbose_name='层级')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.division', verbose_name='上级')),
                ('pinyin', models.CharField(blank=True, editable=False, max_length=240, verbose_name='全拼')),
                ('initials', models.CharField(blank=True, editable=False, max_length=60, verbose_name='拼音首字母')),
                ('mark', models.CharField(blank=True, choices=[('', '无'), ('PILOT', '试点'), ('DEMONSTRATION', '示范')], db_default='', default='', max_length=15, verbose_name='试点示范')),
            ],
            options={
                'verbose_name': '行政区划',
                'indexes': [
                    models.Index(fields=['parent', 'code'], name='division_children'),
                    models.Index(fields=['tier', 'code'], name='division_by_tier'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('tier__in', ['CITY', 'COUNTY', 'TOWNSHIP', 'VILLAGE'])), name='division_tier_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('parent', None), ('tier', 'CITY')), models.Q(models.Q(('tier', 'CITY'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='division_only_city_has_no_parent'),
                    models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{12}$')), name='division_code_12_digits'),
                    models.CheckConstraint(condition=models.Q(('mark__in', ['', 'PILOT', 'DEMONSTRATION'])), name='division_mark_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Organ',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organs', to='accounts.division', verbose_name='行政区划')),
                ('kind', models.CharField(choices=[('INSPECTION_OFFICE', '巡察办'), ('LEADING_GROUP', '巡察工作领导小组'), ('INSPECTION_TEAM', '巡察组'), ('DISCIPLINE_COMMISSION', '纪委监委'), ('ORGANISATION_DEPARTMENT', '组织部'), ('FUNCTIONAL_DEPARTMENT', '职能部门'), ('PARTY_COMMITTEE', '乡镇（街道）党委'), ('TOWNSHIP_DISCIPLINE', '乡镇（街道）纪委'), ('VILLAGE_PARTY', '村（社区）党组织'), ('VILLAGE_SUPERVISORY', '村务监督委员会'), ('SYSTEM_ADMINISTRATION', '系统管理'), ('SECURITY_AUDIT', '安全审计')], max_length=30, verbose_name='类别')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
            ],
            options={
                'verbose_name': '单位',
                'constraints': [
                    models.UniqueConstraint(fields=('division', 'name'), name='organ_name_once'),
                    models.UniqueConstraint(condition=models.Q(('kind__in', ['FUNCTIONAL_DEPARTMENT', 'INSPECTION_TEAM']), _negated=True), fields=('division', 'kind'), name='organ_kind_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['INSPECTION_OFFICE', 'LEADING_GROUP', 'INSPECTION_TEAM', 'DISCIPLINE_COMMISSION', 'ORGANISATION_DEPARTMENT', 'FUNCTIONAL_DEPARTMENT', 'PARTY_COMMITTEE', 'TOWNSHIP_DISCIPLINE', 'VILLAGE_PARTY', 'VILLAGE_SUPERVISORY', 'SYSTEM_ADMINISTRATION', 'SECURITY_AUDIT'])), name='organ_kind_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('full_name', models.CharField(max_length=40, verbose_name='姓名')),
                ('organ', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='users', to='accounts.organ', verbose_name='单位')),
                ('post', models.CharField(choices=[('HEAD', '主要负责人'), ('OFFICER', '干部'), ('ROSTER_ADMINISTRATOR', '名册管理员'), ('TEAM_LEADER', '巡察组组长'), ('DISCIPLINE_OFFICER', '纪检专干'), ('DISCIPLINE_MEMBER', '纪委委员')], default='OFFICER', max_length=30, verbose_name='岗位')),
                ('native_township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.division', verbose_name='籍贯乡镇（回避用）')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮箱')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='办公电话')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='密码修改时间')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                ('countersigned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
            ],
            options={
                'verbose_name': '用户',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('post__in', ['HEAD', 'OFFICER', 'ROSTER_ADMINISTRATOR', 'TEAM_LEADER', 'DISCIPLINE_OFFICER', 'DISCIPLINE_MEMBER'])), name='user_post_known'),
                    models.CheckConstraint(condition=models.Q(('asked_by', None), ('countersigned_by__isnull', False), ('is_active', False), _connector='OR'), name='user_works_once_countersigned'),
                    models.CheckConstraint(condition=models.Q(('countersigned_by', None), models.Q(models.Q(('countersigned_by', models.F('asked_by')), _negated=True), models.Q(('countersigned_by', models.F('id')), _negated=True)), _connector='OR'), name='user_countersigned_by_another'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SignInAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('username', models.CharField(max_length=60, verbose_name='用户名')),
                ('ip', models.GenericIPAddressField(null=True, verbose_name='来源地址')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
            ],
            options={
                'verbose_name': '登录失败',
                'indexes': [
                    models.Index(fields=['username', 'at'], name='sign_in_by_name'),
                    models.Index(fields=['at'], name='sign_in_by_time'),
                ],
            },
        ),
    ]
