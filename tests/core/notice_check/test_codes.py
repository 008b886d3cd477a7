"""Each code of the notice table: a text that shows it, and one in order that does not."""

import pytest

from kaoping.core.notice.reading import read_notice
from kaoping.core.notice_check.checking import check_notice
from kaoping.core.problems import CATALOGUE
from kaoping.files.holidays import holiday_calendar

CALENDAR = holiday_calendar()

HEAD = """临江市水利局关于印发2025年度水利工作绩效考评实施方案的通知
临水发〔2025〕12号
市直各部门，各县（区）人民政府：
为做好2025年度绩效考评，制定本方案。
"""


def codes(text: str, supplied=(), *, head: str = HEAD) -> set[str]:
    notice = read_notice((head + text).split("\n"))
    return {problem.code for problem in check_notice(notice, CALENDAR, supplied)}


def duty(words: str) -> str:
    return f"""一、考核指标
河湖管护、农村供水。
二、责任分工
（一）{words}
（二）农村供水由市水利局牵头，具体由供水科负责，市卫生健康委、市财政局配合。责任领导：方远，责任人：许未，联络员：沈一，联系电话：0000-0000302，邮箱：gongshui@linjiang.example。"""


CONTACTS = "责任领导：白石，责任人：江帆，联络员：丁一，联系电话：0000-0000301，邮箱：hehu@linjiang.example。"
LED = "河湖管护由市水利局牵头，具体由河湖科负责，市生态环境局配合。"
ANNEXED = "\n附件：1. 考核内容、任务和完成标准清单\n2. {}\n临江市水利局\n2025年3月3日"
RULED = "各指标按附件1计分。"

SHOWN_AND_SOUND = [
    # (code, a text that shows it, a text in order)
    ("PERIOD-MISMATCH", RULED + "另见附件2。" + ANNEXED.format("2025年下半年河湖整治安排"), RULED + "另见附件2。" + ANNEXED.format("2025年河湖整治安排")),
    ("PERIOD-MISMATCH", RULED + "另见附件2。" + ANNEXED.format("2024年河湖整治安排"), RULED + "另见附件2。" + ANNEXED.format("2024—2026年河湖整治规划")),
    ("PERIOD-MISMATCH", "各单位做好2024年度绩效考评各项指标的自查。", "增幅与2024年度考评指标相比计算。"),
    ("PERIOD-MISMATCH", "指标数据截止时间为2024年12月31日。", "指标数据截止时间为2025年12月31日。"),
    ("NAME-VARIANT", duty(LED.replace("市生态环境局", "生态环境局") + CONTACTS), duty(LED + CONTACTS)),
    ("NAME-VARIANT", duty(LED + CONTACTS) + "\n三、工作要求\n河胡科要及时汇总。河湖管护科要复核。", duty(LED + CONTACTS) + "\n三、工作要求\n河湖科要及时汇总。"),
    ("NAME-VARIANT", duty(LED.replace("市生态环境局", "市财政局、市生态环境局") + CONTACTS).replace("市卫生健康委、市财政局", "市卫健委、市财政局") + "\n市卫生健康委参与。", duty(LED + CONTACTS)),
    ("NAME-VARIANT", "三、工作程序\n由综合督查科牵头组织。\n（一）考核评分。2026年1月12日前，各科室形成评分结果报督察综合科汇总。", "三、工作程序\n由综合督查科牵头组织。\n（一）考核评分。2026年1月12日前，各科室形成评分结果报综合督查科汇总。"),
    ("NAME-VARIANT", "综合科将评分结果报市绩效办。综合科将评分报告报送市考评办。", "综合科将评分结果报市绩效办。综合科将评分报告报送市绩效办公室。"),
    ("SCOPE-PARTIAL", duty(LED.replace("河湖管护由", "河湖管护指标考核工作中的水库巡查由") + CONTACTS), duty(LED + CONTACTS)),
    ("ADDRESSEE-MISSING", "一、考核对象\n市直各部门、南港新区管委会。", "一、考核对象\n市直各部门。"),
    ("ADDRESSEE-MISSING", "一、考核对象\n各县（区）人民政府、市属国有企业。", "一、考核对象\n各县（区）人民政府。"),
    ("ASSESSED-OPEN", "一、考核对象\n承担指标任务的各有关市直部门。", "一、考核对象\n承担指标任务的各有关市直部门（名单见附件2）。"),
    ("SCORER-ASSESSED", duty(LED + CONTACTS) + "\n三、考核对象\n市直各部门。", duty(LED + CONTACTS) + "\n三、考核对象\n市直各部门。配合单位不参与对本单位的评分。"),
    ("TWO-ROUTES", "综合科汇总评分结果后，统一报送市绩效办。各责任科室要按时将评分结果报送市绩效办。", "综合科汇总评分结果后，统一报送市绩效办。各责任科室要按时将评分结果报综合科。"),
    ("OPTIONAL-UNCLEAR", "各科室组织现场核验，可根据实际情况确定是否开展核验。", "各科室组织现场核验，是否核验由评督科逐项提出，经分管领导批准。"),
    ("OPTIONAL-UNCLEAR", "组织现场核查，各单位可自行决定核查方式和次数。", "组织现场核查，核查方式由评督科统一确定。"),
    ("SIGNER-UNCLEAR", "各责任科室形成初步评分结果，由经办人、部门负责人签字。", "各责任科室形成初步评分结果，由经办人、科室主要负责人签字。"),
    ("SIGNER-UNCLEAR", "评分表由有关领导签字后报送。", "评分表由分管领导签字后报送。"),
    ("RULE-MISSING", "各科室认真打分。", "各指标满分100分，逐项计分后加权求和，每项扣完为止，结果保留两位小数。"),
    ("STANDARD-UNDEFINED", "按照指标核验标准开展核验。", "按照指标核验标准开展核验。指标核验标准为：资料齐全、数据可溯。"),
    ("STANDARD-UNDEFINED", "依据评分细则逐项评分。", "依据评分细则（附件2）逐项评分。" + ANNEXED.format("评分细则")),
    ("FEEDBACK-MISSING", "结果报送市绩效办。", "初步得分反馈各单位，公示5个工作日；有异议的可以申诉。"),
    ("NA-MISSING", "各单位逐项计分。", "单位不涉及的任务不计分，按涉及分值折算。"),
    ("TIES-MISSING", "按得分高低排名。", "按得分高低排名，得分相同的并列。"),
    ("LATE-MISSING", "材料于1月9日前报送。逾期未提出申诉的视为无异议。", "材料于1月9日前报送，逾期报送的每天扣0.1分。"),
    ("SAMPLING-MISSING", "采取随机抽查方式核验。", "采取随机抽查方式核验，抽查比例为20%，由评督科当众抽签确定，派驻纪检监察组监督。"),
    ("PRECEDENCE-MISSING", "各科室形成初步评分。核验组提出核验意见。", "各科室形成初步评分。核验组提出核验意见，不一致的以核验意见为准。"),
    ("PRECEDENCE-MISSING", "以正式文件报送，并在平台录入评分。", "以正式文件报送，并在平台录入评分，两者不一致的以正式文件为准。"),
    ("CORRECTION-MISSING", "严禁擅自修改考评数据。", "严禁擅自修改考评数据；确需更正的，经分管领导批准并留存记录。"),
    ("ANNEX-UNCITED", RULED + ANNEXED.format("河湖整治安排"), RULED + "另见附件2。" + ANNEXED.format("河湖整治安排")),
    ("ANNEX-ABSENT", RULED + "核验表见附件3。" + ANNEXED.format("河湖整治安排"), "核验表另行印发。"),
    ("OPEN-LIST", "由河湖科负责，供水科、农水科、建管科等科室配合。", "由河湖科负责，供水科、农水科、建管科配合。"),
    ("CONTACT-INCOMPLETE", duty(LED + CONTACTS.replace("联络员：丁一，", "")), duty(LED + CONTACTS)),
    ("PHONE-AREA-CODE", duty(LED + CONTACTS.replace("0000-0000301", "2000301")), duty(LED + CONTACTS)),
    ("PUBLIC-MAILBOX", duty(LED + CONTACTS.replace("hehu@linjiang.example", "hehuke@qq.com")), duty(LED + CONTACTS)),
    ("PUNCTUATION", duty(LED + CONTACTS.replace("邮箱：", "邮箱")), duty(LED + CONTACTS)),
    ("PUNCTUATION", "各科室按时报送，，不得拖延。", "各科室按时报送，不得拖延。"),
    ("PUNCTUATION", "各科室（责任单位按时报送。", "各科室（责任单位）按时报送。"),
    ("MISSING-WORD", duty(LED.replace("具体由河湖科", "具体河湖科") + CONTACTS), duty(LED + CONTACTS)),
    ("MISSING-WORD", "2026年1月9日前收集资料。2026年1月16日前评分。2026年1月23日报送材料。", "2026年1月9日前收集资料。2026年1月16日前评分。2026年1月23日前报送材料。"),
    ("DOUBLE-LEAD", duty(LED.replace("河湖科负责", "河湖科牵头") + CONTACTS), duty(LED + CONTACTS)),
    ("TEMPLATE-RESIDUE", "报委主任办公会议审定。", "报局长办公会议审定，抄送市委办公室。"),
    ("TEMPLATE-RESIDUE", "联系人：×××。", "联系人：丁一。"),
    ("STRAY-SPACE", "各科室要做好工 作要点的落实。", "第一条 各科室要做好工作要点的落实。"),
    ("EMPTY-FIELD", "联系人：丁一，联系电话：，邮箱：hehu@linjiang.example。", "联系人：丁一，联系电话：0000-0000301。"),
    ("EMPTY-FIELD", "各科室做好落实。\n关联文件：", "各科室做好落实。\n附件：河湖整治安排"),
    ("FIELDS-DIFFER", "评分须写明数据来源、评分依据、扣分理由。报告写明评分理由及依据。", "评分须写明数据来源、评分依据、扣分理由。报告写明数据来源、评分依据和扣分理由。"),
    ("FIELDS-DIFFER", "评分表设“数据来源”“评分依据”“扣分理由”三栏。报告写明评（扣）分理由及依据。", "评分表设“数据来源”“评分依据”“扣分理由”三栏。报告写明数据来源、评分依据、扣分理由。"),
    ("SCOPE-PARTIAL", duty(LED.replace("河湖管护由", "河湖管护中的水库巡查由") + CONTACTS), duty(LED + CONTACTS)),
    ("ASSESSED-OPEN", "一、考核对象：承担考核任务的各有关乡镇、街道。", "一、考核对象：东岭镇人民政府、西桥镇人民政府。"),
    ("TWO-ROUTES", "综合科将总评报告报送市绩效办。责任科室、配合科室分别将评分结果报送市绩效办。", "综合科将总评报告报送市绩效办。责任科室将评分结果报综合科。"),
    ("OPTIONAL-UNCLEAR", "组织现场核查。要不要核查，由各单位自行掌握。", "组织现场核查，全部单位都查。"),
    ("PUNCTUATION", "三、联系方式\n综合科，电话：0000-0000301，邮箱hehu@linjiang.example。", "三、联系方式\n综合科，电话：0000-0000301，邮箱：hehu@linjiang.example。"),
    ("MISSING-WORD", "河湖管护，具体由河湖科负责。农村供水，具体由供水科，农水科配合。", "河湖管护，具体由河湖科负责。农村供水，具体由供水科负责，农水科配合。"),
    ("EMPTY-FIELD", "各科室做好落实。\n抄送：\n附件1", "各科室做好落实。\n抄送：\n市绩效办、市委办公室。"),
    ("LATE-MISSING", "2026年1月14日前填报。", "2026年1月14日前填报。1月14日24时以后填报的，每个工作日扣0.2分。"),
    ("CORRECTION-MISSING", "评分卡签字后不得擅自涂改。", "评分卡签字后不得擅自涂改。发现笔误的，报分管领导批准后另填新卡，新旧两卡同时入档。"),
    ("SAMPLING-MISSING", "每家随机抽5个项目，由评督科抽取。", "每家随机抽5个项目，由评督科用公共资源抽取系统操作。"),
    ("PRECEDENCE-MISSING", "以正式文件报送，并在平台录入评分。", "以正式文件报送。在平台上传过的台账，不再重复上报。"),
    ("PERSONAL-DATA", duty(LED + CONTACTS), "一、考核指标\n河湖管护。\n二、责任分工\n河湖管护由市水利局牵头，具体由河湖科负责，电话：0000-0000301。"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shown"), [(code, shown) for code, shown, _ in SHOWN_AND_SOUND])
def test_a_text_with_the_defect_shows_it(code, shown):
    assert code in codes(shown)


@pytest.mark.parametrize(("code", "sound"), [(code, sound) for code, _, sound in SHOWN_AND_SOUND])
def test_a_text_in_order_does_not(code, sound):
    assert code not in codes(sound)


def test_one_leader_for_most_indicators():
    text = """一、责任分工
（一）河湖管护由市水利局牵头，具体由河湖科负责。责任领导：{}。
（二）农村供水由市水利局牵头，具体由供水科负责。责任领导：{}。
（三）水库安全由市水利局牵头，具体由运管科负责。责任领导：{}。
（四）节约用水由市水利局牵头，具体由节水科负责。责任领导：{}。
二、工作程序
（一）考核评分。2026年1月16日前，各科室完成评分。"""
    assert "SIGN-PEAK" in codes(text.format("方远", "方远", "方远", "白石"))
    assert "SIGN-PEAK" not in codes(text.format("方远", "方远", "白石", "白石"))


def test_an_annex_that_is_cited_and_not_handed_in():
    text = RULED + "另见附件2。" + ANNEXED.format("河湖整治安排")
    assert "ANNEX-ABSENT" in codes(text)
    assert "ANNEX-ABSENT" in codes(text, ["附件1.xlsx"])
    assert "ANNEX-ABSENT" not in codes(text, ["附件1.xlsx", "河湖整治安排.docx"])
    assert "ANNEX-ABSENT" not in codes(text, ["annex-1.xlsx", "annex-2.docx"])


def test_an_annex_for_the_whole_year_where_half_of_it_is_assessed():
    head = HEAD.replace("2025年度水利", "2025年上半年水利")
    text = RULED + "另见附件2。" + ANNEXED
    assert "PERIOD-MISMATCH" in codes(text.format("2025年度河湖整治任务表"), head=head)
    assert "PERIOD-MISMATCH" not in codes(text.format("2025年上半年河湖整治任务表"), head=head)


def test_every_code_of_the_notice_table_is_shown_by_some_text():
    shown = {code for code, _, _ in SHOWN_AND_SOUND} | {"SIGN-PEAK"}
    dates = {code for code in CATALOGUE if code.startswith("SCHED-")}  # in test_schedule
    elsewhere = dates | {"NOTICE-UNREAD", "HOLIDAYS-UNKNOWN"}
    start, end = list(CATALOGUE).index("PERIOD-MISMATCH"), list(CATALOGUE).index("NOTICE-UNREAD")
    assert set(list(CATALOGUE)[start : end + 1]) - elsewhere == shown - elsewhere


def test_the_lines_of_a_notice_do_not_change_what_is_found_twice():
    text = duty(LED + CONTACTS)
    notice = read_notice((HEAD + text).split("\n"))
    assert check_notice(notice, CALENDAR) == check_notice(notice, CALENDAR)
