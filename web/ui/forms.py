"""How forms look: label above, help beside, error in words in front of the field."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields by `ui/field.html`."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
