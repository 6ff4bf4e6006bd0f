"""The language models of a person: on the shelf, in the catalogue, and being downloaded."""
