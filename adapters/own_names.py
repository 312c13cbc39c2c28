"""What languages call themselves."""

from __future__ import annotations

OWN_NAMES = {
    "ar": "العربية", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "hi": "हिन्दी",
    "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "pt": "Português", "ru": "Русский",
    "th": "ไทย", "tr": "Türkçe", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip
"""What languages call themselves; others are shown by their code."""
