"""A scheme → every contradiction and gap in what it means (P06).

Each check is one small function from a scheme to problems, listed at the foot of its module:
`references`, `points`, `offices`. The door is `checking.check_scheme`.
"""
