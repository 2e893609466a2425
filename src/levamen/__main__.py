import sys

from levamen.cli import main

sys.exit(main())
