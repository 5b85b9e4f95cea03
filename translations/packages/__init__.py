"""Model packages: what lies in the models folder, and how a package gets in and out.

A package is a zip that a stranger made. Nothing of it is unpacked before its sum and its whole list of
content were looked at, and what is installed stays until the new one lies beside it, complete. Nothing here
speaks to the network.
"""
