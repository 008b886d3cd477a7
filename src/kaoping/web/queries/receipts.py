"""回执 on paper: what of an entry stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaoping.files.receipt_pdf import ReceiptPaper
from kaoping.web.queries.journal import line_shown
from kaoping.web.templatetags.words import moment, short_digest

if TYPE_CHECKING:
    from kaoping.web.installation import Installation
    from kaoping.web.models import Entry
    from kaoping.web.viewer import Viewer


def receipt_paper(installation: Installation, viewer: Viewer, entry: Entry) -> ReceiptPaper:
    """The receipt of an entry that the viewer may see and that is under a signed checkpoint."""
    line, signed = line_shown(installation, viewer, entry), installation.checkpoint().checkpoint
    told = line.told
    facts = [
        (_("办理"), told.what),
        (_("对何事"), told.about),
        (_("说明"), told.why),
        (_("经手人"), line.who),
        (_("时间"), moment(entry.at)),
        (_("存证条目"), str(entry.index)),
        (_("办理编号"), entry.act),
        (_("日志"), installation.journal.key.name),
        (_("检查点"), _("{} 条，根 {}").format(signed.size, short_digest(signed.root.hex()))),
    ]
    notes = [
        _(
            "二维码里是证明文件的全文：扫出来存成文件，即可用 kaoping receipt verify 核对，不用联网，也不用相信本系统。"
        ),
        _("核对内容时，另需保存同一条的正文文件。公钥以纸面公布的为准，指纹见登录页。"),
    ]
    mark = _("演示") if installation.is_demo else _("试用") if installation.is_trial else ""
    proof = installation.journal.receipt(entry.index).text
    title = _("存证回执")
    return ReceiptPaper(
        title,
        mark,
        [(label, text) for label, text in facts if text],
        notes,
        proof,
        datetime.fromisoformat(entry.at),
    )
