"""The web chat page as it is served: HTML, style, script, and the words it shows."""
