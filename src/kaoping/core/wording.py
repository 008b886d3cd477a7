"""Words of standards and materials that the checks of schemes and of annexes look for alike."""

from __future__ import annotations

import re

BURDEN = re.compile(
    r"领导[^，。；、]{0,8}批示|批示件|(?:肯定|表扬)性批示|媒体(?:宣传|报道|刊发)|新闻稿|留痕"
    r"|会议(?:(?:召开|组织|举办)的?)?[次场]数|每(?:召开|组织|举办)[^，。；、]{0,4}[次场][^，。；、]{0,6}会"
    r"|(?:召开|组织|举办)会议[^，。；、]{0,6}[次场]"
)
"""What is not to be scored by the rules on lightening the burden of offices (减负规定)."""

PERCENT_MEASURES = ("%", "\uff05", "个百分点", "百分点")

PERCENT_STEP = re.compile(
    "每(?:高|低|增|减|升|降|超|少|提|下)[^\u3002\uff1b\uff0c;,]{0,6}[0-9.]+\\s*[%\uff05]"
)
"""每…%: percentage points or relative change, nobody knows."""


def squeezed(text: str) -> str:
    """Words for comparing: letters and digits only."""
    return re.sub(r"\W+", "", text)
