"""How a digest looks in a mail reader: plain tables, and every style beside what it is for.

Mail readers leave out style sheets, so each element carries its own; the sheet in the head only adds what can
be done without, dark colours and a phone's width. Nothing says left or right: the language decides that.
Contrast is that of WCAG 2.2 AA in both schemes.
"""

from __future__ import annotations

from collections.abc import Mapping

WIDTH = 640  #: pixels
FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"

_TEXT = "margin:0;font-size:16px;line-height:1.5"
_SMALL = "margin:0;font-size:14px;line-height:1.5"
_LINE = "border-bottom:1px solid #dcd7cc"
_PILL = "display:inline-block;padding:0 8px;border-radius:10px;font-size:13px;line-height:1.4"
_GAP = "padding-inline-end:10px;white-space:nowrap"
_WHOLE = "overflow-wrap:anywhere;word-break:break-word"

STYLES: Mapping[str, str] = {
    "paper": f"margin:0;padding:0;background:#f5f2ec;color:#1c282b;font-family:{FONT}",
    "around": "padding:16px 8px",
    "card": f"width:100%;max-width:{WIDTH}px;background:#ffffff;border-radius:12px;border-collapse:separate",
    "head": "padding:24px 24px 20px;background:#0f5a56;color:#ffffff;border-radius:12px 12px 0 0",
    "h1": "margin:0;font-size:22px;line-height:1.3;font-weight:700;color:#ffffff",
    "under": f"{_SMALL};margin-top:4px;color:#dcefeb",
    "sum": "margin:14px 0 0;font-size:16px;line-height:1.5;font-weight:600;color:#ffffff",
    "late": f"{_SMALL};padding:10px 24px;background:#fdf0d9;color:#7a3b00;font-weight:600",
    "only": f"{_TEXT};padding:24px",
    "section": "padding:24px 24px 0",
    "h2": "margin:0;font-size:19px;line-height:1.35;font-weight:700;color:#0f5a56",
    "h3": "margin:20px 0 0;font-size:15px;line-height:1.4;font-weight:700;color:#1c282b",
    "count": "font-weight:400;color:#566367",
    "issues": "width:100%;margin:4px 0 0;border-collapse:collapse",
    "number": f"{_TEXT};width:36px;padding:14px 0;{_GAP};font-weight:700;color:#0f5a56;{_LINE}",
    "issue": f"padding:14px 0;{_LINE}",
    "pills": f"{_SMALL};margin-bottom:4px;font-weight:600;color:#7a3b00",
    "danger": f"{_PILL};border:1px solid #b3261e;background:#b3261e;color:#ffffff",
    "promise": f"{_SMALL};margin-bottom:4px;font-weight:600;color:#0f5a56",
    "words": f"{_TEXT};{_WHOLE}",
    "beside": f"{_SMALL};margin-bottom:6px",
    "instead": f"{_TEXT};color:#566367",
    "remarks": f"{_SMALL};margin-top:4px;color:#566367;{_WHOLE}",
    "machine": f"{_PILL};border:1px solid #7d8a8c;color:#566367",
    "unsure": f"{_PILL};border:1px solid #7a3b00;color:#7a3b00;font-weight:600",
    "soft": f"{_SMALL};margin-top:6px;color:#566367",
    "text": f"{_TEXT};margin-top:6px",
    "weeks": "width:100%;margin:8px 0 0;border-collapse:collapse;font-size:15px;line-height:1.5",
    "what": f"padding:5px 0;font-weight:400;text-align:start;{_LINE}",
    "amount": f"width:22%;padding:5px 0;text-align:end;font-weight:700;{_LINE}",
    "before": f"width:22%;padding:5px 0;text-align:end;color:#566367;{_LINE}",
    "column": "width:22%;padding:5px 0;padding-inline-start:8px;text-align:end;vertical-align:bottom;"
    "font-size:13px;line-height:1.3;font-weight:400;color:#566367",
    "code": "width:52px;padding:3px 0;font-size:15px;line-height:1.5;font-weight:700;color:#0f5a56",
    "does": "margin:0;padding:3px 0;font-size:15px;line-height:1.5",
    "foot": "height:24px;font-size:1px;line-height:1px",
}

#: only what is another colour in the dark
DARK: Mapping[str, str] = {
    "paper": "background:#12191b;color:#e8eeee",
    "card": "background:#1f2a2e",
    "head": "background:#163e3b",
    "late": "background:#3a2a10;color:#ffd79a",
    "h2": "color:#86d3c6",
    "h3": "color:#e8eeee",
    "number": "color:#86d3c6;border-color:#37464a",
    "issue": "border-color:#37464a",
    "what": "border-color:#37464a",
    "amount": "border-color:#37464a",
    "before": "border-color:#37464a;color:#a6b3b5",
    "code": "color:#86d3c6",
    "pills": "color:#ffd79a",
    "promise": "color:#86d3c6",
    "unsure": "color:#ffd79a;border-color:#ffd79a",
    "danger": "background:#ffb4ab;border-color:#ffb4ab;color:#3a0a06",
    **dict.fromkeys(("count", "instead", "remarks", "soft", "column"), "color:#a6b3b5"),
    "machine": "color:#a6b3b5;border-color:#7f8e91",
}

PHONE: Mapping[str, str] = {
    "around": "padding:0",
    "card": "border-radius:0",
    "head": "padding:20px 16px 18px;border-radius:0",
    "late": "padding:10px 16px",
    "only": "padding:20px 16px",
    "section": "padding:22px 16px 0",
    "number": "width:32px",
    "column": "width:25%",
}


def look(name: str) -> str:
    """The attributes that make an element look so."""
    return f'class="{name}" style="{STYLES[name]}"'


def sheet() -> str:
    """What mail readers that know style sheets can do better."""
    return f"@media (max-width:480px){{{_rules(PHONE)}}}@media (prefers-color-scheme:dark){{{_rules(DARK)}}}"


def _rules(styles: Mapping[str, str]) -> str:
    # A style beside its element is stronger than one in a sheet, unless the sheet insists.
    return "".join(
        f".{name}{{{';'.join(f'{style} !important' for style in rules.split(';'))}}}"
        for name, rules in styles.items()
    )
