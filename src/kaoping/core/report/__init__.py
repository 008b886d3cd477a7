"""Scores → what the documents say, before anyone typesets it (汇总整理, P16).

From the ground up: `document` (headings, paragraphs, tables), `assessed` (the questions a document
asks of an assessment), `tables`. The doors are `scoring_report.build_report`,
`unit_sheet.build_unit_sheet` and `problem_list.problems_markdown`.
"""
