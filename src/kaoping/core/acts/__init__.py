"""办理: every official step as a frozen record with a versioned wire name, and the one codec.

From the ground up: `words` (kinds of words) · `setting_up` `collecting` `scoring` `verifying`
`filing` `keeping` (the acts) · `union` (all of them) · `envelope` (who, when, about what) · `forms`
(what a field accepts) · `codec` (to canonical bytes and back). docs/formats/acts.md says it all for
a second implementation. What is allowed when, `kaoping.core.workflow` says.
"""
