"""The window around the pages: header, rail, tabs, inspector, bottom panel, status bar."""
