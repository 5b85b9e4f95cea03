"""The running program: command line, configuration, channels, workers and the wiring of them all."""
