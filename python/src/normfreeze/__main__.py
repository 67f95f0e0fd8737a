"""python -m normfreeze"""

import sys

from .command import _main

sys.exit(_main())
