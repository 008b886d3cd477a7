"""谁在何时可以办什么: one table of steps, and nothing but questions to it.

From the ground up: `things` (what stands where) · `state` (all of them) · `reasons` (why not) ·
`case` (what a rule is asked about; what a row of the table is) · `questions` (who is who, what is
due) · `places` (where a step is done) · `setting_up` `verifying` `scoring` `collecting` `filing`
(rules and effects) · `admission` (what every step asks alike) · `table` (the steps) · `taking` (the
doors: `take`, `available`, `replay`).
"""
