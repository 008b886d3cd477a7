"""A scheme and its entries → scores, exact and with working (考核评分, P13).

From the ground up: `comparison` (values within a group), `evaluation` (one rule on one unit's
values), `choice` (which of several results and decisions counts), `tasks`, `summing` (indicators
and totals), `scores` (the records). The doors are `assessment.score` and `cases.run_cases`.
"""
