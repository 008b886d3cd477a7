"""方案草稿: what was read of a notice and its annexes as a draft scheme, as a work list, and as JSON.

`scheme.draft_scheme` writes the draft, `annex_part` its tasks, `toml_text` the lines. `tables` tells which
tables are of tasks; `papers` is all that was read and found wrong, `summary` its rows, `work_list` what a
person works through, `as_json` what a program gets.
"""
