from .campaigns import Campaign, CampaignFinding, CampaignTask
from .issues import CommonIssue, CommonSetting

__all__ = ["Campaign", "CampaignFinding", "CampaignTask", "CommonIssue", "CommonSetting"]
