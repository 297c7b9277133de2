import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('common', '0001_initial'),
        ('common', '0002_rows_that_cannot_change'),
        ('common', '0003_moves_leave_their_event'),
        ('common', '0004_events_are_sealed'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='时间')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                ('actor_text', models.CharField(max_length=120, verbose_name='操作人（当时）')),
                ('action', models.CharField(max_length=60, verbose_name='动作')),
                ('object_type', models.CharField(max_length=60, verbose_name='对象类型')),
                ('object_id', models.CharField(blank=True, max_length=40, verbose_name='对象编号')),
                ('object_text', models.CharField(blank=True, max_length=200, verbose_name='对象')),
                ('result', models.CharField(choices=[('OK', '成功'), ('DENIED', '被拒'), ('FAILED', '失败')], default='OK', max_length=10, verbose_name='结果')),
                ('source', models.CharField(blank=True, max_length=30, verbose_name='原状态')),
                ('target', models.CharField(blank=True, max_length=30, verbose_name='新状态')),
                ('note', models.TextField(blank=True, verbose_name='理由或说明')),
                ('changes', models.JSONField(default=dict, verbose_name='变化')),
                ('ip', models.GenericIPAddressField(null=True, verbose_name='来源地址')),
                ('request_id', models.CharField(blank=True, max_length=40, verbose_name='请求号')),
                ('transaction', models.BigIntegerField(db_default=models.Func(function='txid_current'), editable=False, null=True, verbose_name='数据库事务')),
                ('seal', models.BinaryField(null=True, unique=True, verbose_name='封印')),
            ],
            options={
                'verbose_name': '审计记录',
                'indexes': [
                    models.Index(fields=['object_type', 'object_id', '-id'], name='audit_by_object'),
                    models.Index(fields=['actor', '-id'], name='audit_by_actor'),
                    models.Index(fields=['transaction'], name='audit_by_transaction'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('result__in', ['OK', 'DENIED', 'FAILED'])), name='audit_result_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inbox', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
                ('kind', models.CharField(choices=[('DIGEST', '整改提醒'), ('NOTICE', '通知'), ('URGE', '催办')], max_length=10, verbose_name='类别')),
                ('key', models.CharField(max_length=120, verbose_name='唯一键')),
                ('day', models.DateField(verbose_name='日期')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('body', models.TextField(blank=True, verbose_name='内容')),
                ('path', models.CharField(blank=True, max_length=200, verbose_name='页面')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='产生时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
            ],
            options={
                'verbose_name': '消息',
                'indexes': [
                    models.Index(fields=['recipient', '-id'], name='message_inbox'),
                    models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='message_unread'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('recipient', 'key'), name='message_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='common.message', verbose_name='消息')),
                ('channel', models.CharField(choices=[('EMAIL', '电子邮件'), ('WEBHOOK', '政务微信')], max_length=10, verbose_name='渠道')),
                ('status', models.CharField(choices=[('PENDING', '待发送'), ('SENT', '已发送'), ('VOID', '已作废'), ('PARKED', '多次失败，已搁置')], default='PENDING', max_length=10, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('next_at', models.DateTimeField(verbose_name='下次发送')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='发送时间')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='最近错误')),
            ],
            options={
                'verbose_name': '外发消息',
                'indexes': [
                    models.Index(condition=models.Q(('status', 'PENDING')), fields=['next_at'], name='delivery_pending'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('message', 'channel'), name='delivery_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'SENT')), models.Q(models.Q(('status', 'SENT'), _negated=True), ('sent_at', None)), _connector='OR'), name='delivery_sent_iff_sent_at'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='部件')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '心跳',
            },
        ),
        migrations.CreateModel(
            name='WorkdayOverride',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('is_workday', models.BooleanField(verbose_name='是否工作日')),
                ('note', models.CharField(max_length=120, verbose_name='依据')),
            ],
            options={
                'verbose_name': '工作日调整',
            },
        ),
    ]
