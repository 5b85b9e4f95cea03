"""Which language is this; machine translation; our own phrases in every language."""
