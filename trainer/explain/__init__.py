"""How well an explanation finds what is really at fault: methods, figures and the table of `explain-eval`."""
