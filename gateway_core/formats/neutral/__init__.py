"""The one form between the formats: what a call asks and what an answer says, in nobody's words.

Each format reads its own bytes into it and writes its own bytes out of it, so that four formats need eight
translations and not twelve. Fields that only one format has travel in `own`: they are written back in that
format, and named as dropped in every other one.
"""
