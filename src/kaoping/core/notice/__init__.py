"""An official text → a notice with every source (P05); `kaoping.core.draft` makes a draft of it.

From the ground up: `passage` (lines and their sources), `dates`, `contacts`, `offices` and `names`
(the forms of facts), `outline` (numbered levels), `lists`, `letterhead` and `annexes` (the frame),
`years`; `step_kinds`, `step_names`, `step_places`, `step_inputs`, `deadlines`, `coordinating` and
`procedure` (when what is due); `assessed` (who is assessed), `indicator_lists`, `gathered`,
`duties`, `duty_places`, `duty_tables`, `label_tables`, `common_leads`, `nearness` and `indicators`
(who answers for what). The door is `reading.read_notice`.
"""
