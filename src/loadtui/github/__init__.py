"""GitHub's issues: finding, opening, updating and closing those of a regression.

PyGithub is imported where GitHub is spoken to, not before.
"""
