from .appraisals import Commendation, QualityMark
from .assessments import Assessment, CountyScore, Indicator, PointsGiven, ScoreLine
from .campaigns import Campaign, CampaignFinding, CampaignTask
from .circulars import Circular, CircularReceipt
from .issues import CommonIssue, CommonSetting
from .occasions import FollowUp, Occasion, TalkRule
from .self_checks import SelfCheck, SelfCheckAnswer, SelfCheckItem, SelfCheckNotice, SelfCheckReminder
from .tallies import ContentTally, FindingTally, ItemTally, Tally

__all__ = [
    "Assessment",
    "Campaign",
    "CampaignFinding",
    "CampaignTask",
    "Circular",
    "CircularReceipt",
    "Commendation",
    "CommonIssue",
    "CommonSetting",
    "ContentTally",
    "CountyScore",
    "FindingTally",
    "FollowUp",
    "Indicator",
    "ItemTally",
    "Occasion",
    "PointsGiven",
    "QualityMark",
    "ScoreLine",
    "SelfCheck",
    "SelfCheckAnswer",
    "SelfCheckItem",
    "SelfCheckNotice",
    "SelfCheckReminder",
    "TalkRule",
    "Tally",
]
