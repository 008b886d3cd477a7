"""What is typed at the door."""

from __future__ import annotations

from django import forms

_LONGEST_PASSWORD = 1000
_LONGEST_CREDENTIAL = 20_000


class SignInForm(forms.Form):
    """账号、密码, and the code of the second factor where it is at hand."""

    login = forms.CharField(max_length=100)
    password = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False)
    code = forms.CharField(max_length=20, required=False)


class ProofForm(forms.Form):
    """By what somebody proves again, or secondly, who she is: one of the three."""

    password = forms.CharField(max_length=_LONGEST_PASSWORD, strip=False, required=False)
    code = forms.CharField(max_length=20, required=False)
    credential = forms.CharField(max_length=_LONGEST_CREDENTIAL, required=False)

    def given(self, name: str) -> str:
        """What was typed there, nothing where it is not of its form."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""
