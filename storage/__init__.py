"""What is kept, and the only SQL.

`open_database` gives a `Database`; only its `transaction`, its `read` and those of a `Seat` give out a `Tx`,
and every function of this package takes one first. There is a module for each noun, and its SQL is in
`queries/` under the same name. Times are UTC microseconds and are handed in: nothing here asks the clock.
"""

from storage.addresses import Keyring
from storage.database import Database, Row, Seat, Tx, open_database

__all__ = ["Database", "Keyring", "Row", "Seat", "Tx", "open_database"]
