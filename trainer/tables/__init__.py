"""The tables of docs/results: each can be made again by `python -m trainer tables NAME`."""
