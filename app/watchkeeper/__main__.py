from watchkeeper.cli import main

raise SystemExit(main())
