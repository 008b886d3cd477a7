"""存证日志 on disk: tiles, bodies, keys, and everything that is done with them.

From the ground up: `tiles` (the tree) · `bodies` (what the acts say) · `keys` (signing) · `folder` (a
journal: append, seal, receipts) · `signatory` `sealer` (who signs for a database) · `witnessing` (another
office) · `act_lines` `row_lines` (what is
handed in) · `rescoring` (scores anew) · `inquiry` (what is asked and found) · `checkpoint_layers`
`entry_layers` `beside_layers` `act_layers` · `verification` (all nine) · `archive` (a copy for a
stranger) · `run` (the journal of a batch run). docs/formats/journal.md says it all for a second
implementation.
"""
