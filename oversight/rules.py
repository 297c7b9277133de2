"""Who oversees what (domain.md, who sees what; mission F, G, H2)."""

from accounts.enums import Role
from common import policy

ITEM = "rectification.RectificationItem"

# The boards (H2): whoever answers for a whole county or the city. Each sees there what the lists show to them.
policy.grant(ITEM, Role.CITY_OFFICE, "CITY", "oversee")
policy.grant(ITEM, Role.COUNTY_OFFICE, "COUNTY", "oversee")
policy.grant(ITEM, Role.LEADING_GROUP, "COUNTY", "oversee")
