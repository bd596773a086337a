"""The commands of `mtenvs.cli`, one file each: ``arguments(parser)`` declares them, ``run(args)`` does the work."""
