"""`python -m kaoping`: the same as the `kaoping` command."""

import sys

from kaoping.cli.start import start

sys.exit(start())
