"""人员名单: a list of units, sections, persons and duties, and what must be done for it to hold.

Reading finds what is wrong with the rows themselves; planning compares them with the register and
asks the rules of every act ahead of time, in the order in which they will be taken. Both find all
problems at once, each with its row. A plan is made anew whenever it is looked at, so that what was
done already is not in it: a list that was carried out half is simply carried on.

Staff numbers are digested while they are read; a list keeps none.

From the ground up: `lists` (what is kept of a list), `reading` (rows), `planning` (what is to be done).
"""
