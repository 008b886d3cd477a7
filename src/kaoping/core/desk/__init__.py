"""工作台: what each person must do now and until when, and where the year stands.

Nothing is decided here: who may do a step, where and when, is asked of the table of steps; a chore
only says which of the possible steps are owed, and how much of them is left.

From the ground up: `picture` (a state that is quickly asked) · `chores` (which steps are owed) ·
`todos` (those of one person) · `year` (the five steps of the year).
"""
