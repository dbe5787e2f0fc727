"""`python -m scaffold`.

Python puts the working directory before everything else on its path. In a stranger's repository a file `yaml.py` there
would run in place of the library, so that entry goes before anything is imported. A folder `scaffold/` there is taken
instead of this file and cannot be kept out from here: the `scaffold` program has no such entry.
"""

import sys

if not sys.flags.safe_path and sys.path:
    here = sys.path.pop(0)
    package = __file__.replace("\\", "/").rpartition("/scaffold/")[0]
    # A source tree that is run in place needs its own folder.
    if here.replace("\\", "/") == package:
        sys.path.append(here)

from scaffold.cli.main import main

sys.exit(main())
