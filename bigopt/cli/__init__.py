"""The command line: commands, tables, one-line errors."""
