"""Language models in a child process: files, options, limits, and how they are asked."""
