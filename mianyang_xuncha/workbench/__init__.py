"""The workbench (H1): for each role the figures, what waits, and the rows behind them, on one screen.

`facts` reads, `todo` gathers what waits, `panels` shape one card each, `desks` put a role's cards together.
"""

from .desks import desk_for

__all__ = ["desk_for"]
