"""The subcommands of `heartline`, one file a subject."""
