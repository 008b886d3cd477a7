"""`python -m kaoping`: the same as the `kaoping` command."""

import sys

from kaoping.config.start import start

sys.exit(start())
