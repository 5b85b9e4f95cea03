"""What is fast, measured against our peers in one run: `make bench`."""
