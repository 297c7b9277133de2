from .campaigns import Campaign, CampaignFinding, CampaignTask
from .circulars import Circular, CircularReceipt
from .issues import CommonIssue, CommonSetting
from .occasions import FollowUp, Occasion, TalkRule
from .self_checks import SelfCheck, SelfCheckAnswer, SelfCheckItem, SelfCheckNotice, SelfCheckReminder
from .tallies import ContentTally, FindingTally, ItemTally, Tally

__all__ = [
    "Campaign",
    "CampaignFinding",
    "CampaignTask",
    "Circular",
    "CircularReceipt",
    "CommonIssue",
    "CommonSetting",
    "ContentTally",
    "FindingTally",
    "FollowUp",
    "ItemTally",
    "Occasion",
    "SelfCheck",
    "SelfCheckAnswer",
    "SelfCheckItem",
    "SelfCheckNotice",
    "SelfCheckReminder",
    "TalkRule",
    "Tally",
]
