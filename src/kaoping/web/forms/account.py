"""What people change about their own accounts, and administrators about others'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

if TYPE_CHECKING:
    from kaoping.web.models import Account

_LONGEST = 1000


class PasswordForm(forms.Form):
    """修改密码: the old one, and twice the new one."""

    password = forms.CharField(
        max_length=_LONGEST, strip=False, error_messages={"required": __("请填写现在的密码。")}
    )
    new = forms.CharField(
        max_length=_LONGEST, strip=False, error_messages={"required": __("请填写新密码。")}
    )
    again = forms.CharField(
        max_length=_LONGEST, strip=False, error_messages={"required": __("请再填写一次新密码。")}
    )

    def __init__(self, account: Account, name: str, *, is_right: bool, **more: Any) -> None:  # noqa: ANN401
        """A form for an account and the name of its person; the doors say whether the old one is right."""
        super().__init__(**more)
        self._account, self._is_right = account, is_right
        account.name = name  # type: ignore[attr-defined]  # the rules ask whether one is near the other

    def clean_password(self) -> str:
        """The old one is right."""
        if not self._is_right:
            raise forms.ValidationError(_("现在的密码不对。"))
        return str(self.cleaned_data["password"])

    def clean_new(self) -> str:
        """The new one is long, not common, and says nothing of its person."""
        given = str(self.cleaned_data["new"])
        validate_password(given, self._account)
        if given == self.data.get("password"):
            raise forms.ValidationError(_("新密码不能和现在的一样。"))
        return given

    def clean(self) -> None:
        """Both are the same."""
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("两次填写的新密码不一样。"))


class EmailForm(forms.Form):
    """Where reminders go."""

    email = forms.EmailField(
        max_length=254,
        required=False,
        error_messages={"invalid": __("邮箱写法不对，应像 name@example.gov.cn。")},
    )


class PasskeyForm(forms.Form):
    """A new passkey."""

    name = forms.CharField(max_length=40, required=False)
    credential = forms.CharField(max_length=20_000)


class CodeForm(forms.Form):
    """A new authenticator: the offered secret, and a code that shows that it has arrived."""

    token = forms.CharField(max_length=500)
    code = forms.CharField(max_length=20, required=False)


class LoginForm(forms.Form):
    """Whose account an administrator means."""

    login = forms.CharField(max_length=100, error_messages={"required": __("请填写账号。")})


class LockForm(forms.Form):
    """A closed door: a login at an address."""

    login = forms.CharField(max_length=100)
    address = forms.GenericIPAddressField()
