"""`python -m kg` is the command `kg`."""

from kg.cli.commands import main

main()
