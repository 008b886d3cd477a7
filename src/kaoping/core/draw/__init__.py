"""公开抽签: a plan sealed first, digits rolled in public, and the units with the smallest tickets.

From the ground up: `wording` names things in messages · `records` are plan, mark, result and certificate ·
`rolling` draws · `plans` says what a plan must be · `reading` takes lists, plans and certificates from
their files · `verification` reckons a certificate anew and names the first thing that differs.
docs/formats/draw.md says it all for a second implementation.
"""
