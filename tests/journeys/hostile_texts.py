"""Fifty texts that have broken chats, bots and pages."""

from __future__ import annotations

MARKUP = (
    "<b>bold</b>",
    "<b>never closed",
    "</i></b>",
    "<script>alert(1)</script>",
    '<a href="tg://user?id=1">click</a>',
    '<a href="https://evil.example/?a=1&b=2">link</a>',
    "<tg-spoiler>x</tg-spoiler>",
    "<pre><code class='language-python'>x</code></pre>",
    "a < b && c > d",
    "&lt;b&gt;",
    "&amp;amp;",
    "&#60;b&#62;",
    "&nbsp;&unknown;&",
    "<!-- comment -->",
    "]]>",
)
MARKDOWN = (
    "*bold* _italic_ `code`",
    "[link](https://evil.example)",
    "||spoiler||",
    "__under__ ~~strike~~",
    "\\_*[]()~`>#+-=|{}.!",
    "```python\nprint(1)\n```",
    "> quoted",
)
TEMPLATES = (
    "{}",
    "{0}",
    "{name}",
    "{name.__class__}",
    "{{ 7 * 7 }}",
    "${HOME}",
    "%s%s%s%n",
    "%(name)s",
    "$(rm -rf /)",
    "'; DROP TABLE session; --",
    '" OR 1=1',
    "\\",
    "\\u0000",
)
LETTERS = (
    "\u202eevil\u202c",
    "\u2066isolated\u2069",
    "\u200b\u200bzero\u200bwidth\ufeff",
    "zalgo" + "\u0301" * 60,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f600" * 40,
    "x" + "\U0001f600" * 40,
    "\U0001f1fa\U0001f1f8\U0001f1fa",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0645\u0631\u062d\u0628\u0627 \u4f60\u597d",
    "\ufdfd" * 20,
    "nul\x00byte",
    "tab\tbell\x07escape\x1b[31m",
    "line\r\nline\u2028line\u2029line",
)
NAMES = ("null", "../../etc/passwd")
HOSTILE_TEXTS = (*MARKUP, *MARKDOWN, *TEMPLATES, *LETTERS, *NAMES)
