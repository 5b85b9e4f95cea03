"""`python -m bot` is `townbell`."""

import sys

from bot.cli import main

sys.exit(main())
