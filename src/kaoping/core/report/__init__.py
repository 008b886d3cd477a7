"""Scores → what the documents say, before anyone typesets it (汇总整理, P16).

From the ground up: `document` (headings, paragraphs, tables, charts, letterheads), `assessed` (the questions
a document asks of an assessment), `tables`, `charts`. The doors are `scoring_report.build_report`,
`unit_sheet.build_unit_sheet`, `section_sheet.build_section_sheet`, `countersign_sheet.build_countersign_sheet`,
`meeting_submission.build_meeting_submission` and `problem_list.problems_markdown`; for verification on site,
from the records of `verification`: `verification_plan.build_verification_plan`,
`finding_record.build_finding_record`, `verification_opinion.build_verification_opinion`. Beside them, for
templates of offices: `placeholders`, `template_marks`, `template_check`.
"""
