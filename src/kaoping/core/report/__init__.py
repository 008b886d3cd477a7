"""Scores → what the documents say, before anyone typesets it (汇总整理, P16).

From the ground up: `document` (headings, paragraphs, tables, charts, letterheads), `assessed` (the questions
a document asks of an assessment), `tables`, `charts`. The doors are `scoring_report.build_report`,
`unit_sheet.build_unit_sheet`, `section_sheet.build_section_sheet`, `countersign_sheet.build_countersign_sheet`
and `problem_list.problems_markdown`. Beside them, for templates of offices: `placeholders`, `template_marks`, `template_check`.
"""
