"""The browser: a page, and the calls it makes."""
