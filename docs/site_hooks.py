"""For the site's build: a shape as [n][d] is text, and not a link whose target is missing."""

import logging


class NotAShape(logging.Filter):
    """Pass every warning but that a shape leads nowhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is to be shown, and to fail a strict build."""
        return "Could not find cross-reference target" not in record.getMessage()


def on_startup(command: str, dirty: bool) -> None:
    """Install the filter before pages are read."""
    for name in ("mkdocs.plugins.mkdocs_autorefs", "mkdocs.plugins.mkdocs_autorefs._internal.plugin", "mkdocs.plugins"):
        logging.getLogger(name).addFilter(NotAShape())
    for handler in logging.getLogger("mkdocs").handlers:
        handler.addFilter(NotAShape())
