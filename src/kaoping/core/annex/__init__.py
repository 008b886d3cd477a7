"""附件表格 → indicators, tasks, standards, catalogues and units of a draft (P05).

From the ground up: `records` (what is told), `cells` (a grid's cells, merged ones as one), `numbering`,
`points`, `units` and `materials` (the forms of what a cell says), `headings` (what a column holds),
`tables` (where a table begins, which rows are no tasks), `levels` (which column names the indicator,
which the task), `gathering` (what is read so far), `groups`, `besides` and `tasks` (rows into tasks),
`targets` (unit by task), `reading` (all tables of all files), `linking` (annex to notice), `standards`
and `checking` (what the words leave open). The doors are `reading.read_annex`, `checking.check_annex` and
`linking.link_indicators`.
"""
