"""What can go wrong in words that a person can act on."""


class Trouble(Exception):
    """One clear sentence: what was found, where, and what to do. Shown as it is, without a traceback."""
