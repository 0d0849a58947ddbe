"""Glue to Flask: access, sessions, headers, input gate, forms, errors.  No tables, no slice."""
