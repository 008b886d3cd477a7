"""An official text → a notice with every source (P05); `kaoping.core.draft` makes a draft of it.

From the ground up: `passage` (lines and their sources), `lists`, `dates`, `contacts` and `offices`
(the forms of facts), `outline` (numbered levels), `letterhead` and `annexes` (the frame), `years`,
`step_kinds` and `procedure` (when what is due), `names`, `duties`, `duty_tables` and `indicators`
(who answers for what). The door is `reading.read_notice`.
"""
