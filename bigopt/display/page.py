"""A web page that needs nothing from outside."""

from __future__ import annotations

from html import escape

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}</body>
</html>
"""


def document(title: str, style: str, body: str) -> str:
    """Return a whole page.

    Parameters
    ----------
    title, style : str
        Plain text; CSS that ends in a newline.
    body : str
        Markup that ends in a newline, its texts escaped.
    """
    return PAGE.format(title=escape(title, quote=False), style=style, body=body)
