from .campaigns import Campaign, CampaignFinding, CampaignTask
from .issues import CommonIssue, CommonSetting
from .occasions import FollowUp, Occasion, TalkRule

__all__ = [
    "Campaign",
    "CampaignFinding",
    "CampaignTask",
    "CommonIssue",
    "CommonSetting",
    "FollowUp",
    "Occasion",
    "TalkRule",
]
