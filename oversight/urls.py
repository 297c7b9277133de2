"""Addresses of oversight: boards, common issues, campaigns, self-checks, duties, occasions and what follows."""

from django.urls import path

from .views import boards, campaigns, issues, occasions, self_checks

app_name = "oversight"

urlpatterns = [
    path("board/", boards.board, name="board"),
    path("board/screen/", boards.screen, name="screen"),
    path("board/villages/", boards.villages, name="villages"),
    path("common/", issues.issues, name="issues"),
    path("common/thresholds/", issues.thresholds, name="thresholds"),
    path("common/spread/", issues.spread, name="spread"),
    path("common/<int:pk>/", issues.issue, name="issue"),
    path("common/<int:pk>/mend/", issues.issue_mend, name="issue_mend"),
    path("common/<int:pk>/approve/", issues.issue_approve, name="issue_approve"),
    path("common/<int:pk>/return/", issues.issue_return, name="issue_return"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/take-on/", campaigns.take_on, name="take_on"),
    path("campaigns/<int:pk>/report/", campaigns.report, name="report"),
    path("campaigns/<int:pk>/close/", campaigns.campaign_close, name="campaign_close"),
    path("campaigns/<int:pk>/return/", campaigns.campaign_return, name="campaign_return"),
    path("tasks/<int:pk>/finish/", campaigns.finish, name="finish"),
    path("tasks/<int:pk>/resume/", campaigns.task_resume, name="task_resume"),
    path("duties/", occasions.duties, name="duties"),
    path("proposals/", occasions.proposals, name="proposals"),
    path("occasions/", occasions.occasion_list, name="occasions"),
    path("occasions/new/", occasions.occasion_new, name="occasion_new"),
    path("occasions/<int:pk>/", occasions.occasion_page, name="occasion"),
    path("occasions/<int:pk>/hold/", occasions.occasion_hold, name="occasion_hold"),
    path("occasions/<int:pk>/drop/", occasions.occasion_drop, name="occasion_drop"),
    path("occasions/<int:pk>/follow-up/", occasions.follow_up_new, name="follow_up_new"),
    path("follow-ups/", occasions.follow_up_list, name="follow_ups"),
    path("follow-ups/<int:pk>/", occasions.follow_up_page, name="follow_up"),
    path("follow-ups/<int:pk>/answer/", occasions.follow_up_answer, name="follow_up_answer"),
    path("follow-ups/<int:pk>/confirm/", occasions.follow_up_confirm, name="follow_up_confirm"),
    path("follow-ups/<int:pk>/send-back/", occasions.follow_up_send_back, name="follow_up_send_back"),
    path("self-checks/", self_checks.self_checks, name="self_checks"),
    path("self-checks/new/", self_checks.notice_new, name="notice_new"),
    path("self-checks/notices/<int:pk>/", self_checks.notice, name="notice"),
    path("self-checks/<int:pk>/", self_checks.self_check, name="self_check"),
    path("self-checks/<int:pk>/answer/", self_checks.answer, name="answer"),
    path("self-checks/<int:pk>/confirm/", self_checks.confirm, name="confirm"),
    path("self-checks/<int:pk>/send-back/", self_checks.send_back, name="send_back"),
]
