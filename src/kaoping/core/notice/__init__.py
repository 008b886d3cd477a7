"""An official text → a notice with every source → a draft scheme (P05).

From the ground up: `passage` (lines and sources), `dates`, `contacts` and `offices` (the forms of
facts), `outline` (numbered levels), `letterhead`, `duties` and `procedure` (the parts of a notice).
The doors are `reading.read_notice` and `draft.draft_scheme`.
"""
