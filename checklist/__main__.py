"""``python -P -m checklist``: works where the scripts folder is not on the path."""

from checklist.cli.app import main

if __name__ == "__main__":
    main()
