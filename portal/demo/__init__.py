"""A believable year of a contact centre, made from a seed.

Pure data and pure generators: nothing here knows a database, a service or a web page.
`plan.plan(seed, size, today)` returns who works where, why customers call, what agents heard,
what they proposed and what became of it, step by step, in the order in which it happened.
"""
