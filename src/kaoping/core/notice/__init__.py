"""An official text → a notice with every source → a draft scheme (P05).

From the ground up: `passage` (lines and their sources), `lists`, `dates`, `contacts` and `offices`
(the forms of facts), `outline` (numbered levels), `letterhead` and `annexes` (the frame), `years`,
`step_kinds` and `procedure` (when what is due), `names`, `duties`, `duty_tables` and `indicators`
(who answers for what), `summary` (what a person is shown). The doors are `reading.read_notice` and
`draft.draft_scheme`.
"""
