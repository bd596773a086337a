"""Our own web tasks: templates over the data of our sites, each with checks on the end state and a plan that solves it."""
