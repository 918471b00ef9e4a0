"""For the site's build: notebooks become pages, and a shape as [n][d] is text and not a link that leads nowhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

BOOKS = Path(__file__).parent / "notebooks"


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


def on_files(files: Files, config: Any) -> Files:
    """Add a page a notebook, with the outputs that it was stored with."""
    for path in sorted(BOOKS.glob("*.ipynb")):
        page = page_of(json.loads(path.read_text(encoding="utf-8")), path.name)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=page))
    return files


def page_of(book: Any, name: str) -> str:
    """Return a notebook as Markdown: texts, code, and outputs as they were stored; the file itself behind a link."""
    parts = []
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [shown for output in cell["outputs"] if (shown := output_of(output))]
    return "\n\n".join([*parts, f"[The notebook itself]({name})", ""])


def output_of(output: Any) -> str:
    """Return an output as a picture, a table or text, whichever is the richest."""
    data = {kind: "".join(text) for kind, text in output.get("data", {}).items() if isinstance(text, (str, list))}
    if "image/png" in data:
        picture = data["image/png"].replace("\n", "")
        return f'<img alt="what the cell above draws" src="data:image/png;base64,{picture}">'
    if "text/html" in data:
        return f'<div class="output">{"".join(line.strip() for line in data["text/html"].splitlines())}</div>'
    text = data.get("text/plain", "".join(output.get("text", "")))
    return f"```text\n{text.rstrip()}\n```" if text else ""
