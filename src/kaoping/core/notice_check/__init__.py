"""Checking an official notice before anyone works by it (P06): each contradiction and gap, at once.

`words` walks the sentences; `offices`, `coverage` and `variants` compare who is named; `routes`
looks at what is ordered, `silence` at what no sentence rules, `papers` at annexes, standards and
periods, `contacts` and `wording` at form. The door is `checking.check_notice`.
"""
