"""The tests: one folder for each of ours, and peers/, the real programs they are tried against."""
