"""An idea portal for the front line.

``app`` puts everything together; ``web`` is the glue to Flask and ``database`` to storage.
The slices, lowest first: ``audit`` and ``jobs`` (what was done, what is to be done),
``limits`` (how often somebody did what),
``people`` (accounts, roles, departments, sign-in), ``clocks`` (what is owed until when),
``demand`` (contact reasons), ``attachments`` (files), ``insights`` (what customers said),
``ideas``, ``metrics`` (what is measured), ``routing`` (who owns it), ``triage`` (decisions),
``delivery`` (commitments and changes), ``impact`` (did it work), ``rewards`` (the ledger),
``notifications``, ``boards`` (who moved what), ``pages`` (views that show several slices),
``imports`` and ``admin``.  Lower slices never import higher ones; import-linter checks it.
"""
