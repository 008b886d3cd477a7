"""Ways in which offices write who answers for which indicator: each form in words of its own."""

import pytest

from tests.core.notice.written import names, notice_of, told, unread

HEAD = ("陵川市体育局关于开展2025年度体育工作考核的通知", "各县区体育局，局机关各科室：")
FOOT = ("陵川市体育局", "2025年3月1日")
PATHS, HALLS = "健身步道建设", "场馆免费开放"
LISTED = [PATHS, HALLS]
LIST = ("一、考核指标", f"考核指标两项：{PATHS}（60分）、{HALLS}（40分）。")

GROUP = {
    "sections": ["群体科"],
    "cooperating_sections": ["规划科"],
    "cooperating_units": ["市财政局"],
    "leaders": ["林森"],
    "persons": ["石川"],
    "liaisons": ["叶青"],
    "telephones": ["0000-0000501"],
    "mailboxes": ["qunti@lingchuan.example"],
    "points": "60",
}
ARENA = {
    "sections": ["场馆科"],
    "cooperating_units": ["市教育局"],
    "leaders": ["林森"],
    "persons": ["江帆"],
    "liaisons": ["白杨"],
    "telephones": ["0000-0000502"],
    "mailboxes": ["changguan@lingchuan.example"],
    "points": "40",
}


def read(*lines):
    return notice_of(*lines, head=HEAD, foot=FOOT)


def check(notice, first=GROUP, second=ARENA):
    assert names(notice) == LISTED
    assert told(notice, PATHS) == first
    assert told(notice, HALLS) == second
    assert unread(notice) == []


FORMS = {
    "labels in items below each indicator": (
        "一、指标及任务分解",
        f"（一）{PATHS}",
        "1. 满分：60分",
        "2. 承办科室：群体科",
        "3. 协办科室：规划科",
        "4. 协助单位：市财政局",
        "5. 挂点领导：林森",
        "6. 科室负责人：石川",
        "7. 对接人：叶青",
        "8. 固定电话：0000-0000501",
        "9. 工作邮箱：qunti@lingchuan.example",
        f"（二）{HALLS}",
        "1. 满分：40分",
        "2. 承办科室：场馆科",
        "3. 协助单位：市教育局",
        "4. 挂点领导：林森",
        "5. 科室负责人：江帆",
        "6. 对接人：白杨",
        "7. 固定电话：0000-0000502",
        "8. 工作邮箱：changguan@lingchuan.example",
    ),
    "labels on lines of their own below a name": (
        *LIST,
        "二、任务分工",
        f"{PATHS}：",
        "归口科室：群体科",
        "协同科室：规划科",
        "协同单位：市财政局",
        "分管副局长：林森",
        "科长：石川",
        "经办同志：叶青",
        "固话：0000-0000501",
        "政务邮箱：qunti@lingchuan.example",
        f"{HALLS}：",
        "归口科室：场馆科",
        "协同单位：市教育局",
        "分管副局长：林森",
        "科长：江帆",
        "经办同志：白杨",
        "固话：0000-0000502",
        "政务邮箱：changguan@lingchuan.example",
    ),
    "told by section": (
        *LIST,
        "二、科室职责",
        "综合科：牵头组织考核，汇总得分。",
        (
            f"群体科：负责{PATHS}；规划科、市财政局配合；分管局长：林森；科长：石川；联系人：叶青；"
            "电话：0000-0000501；邮箱：qunti@lingchuan.example。"
        ),
        (
            f"场馆科：负责{HALLS}；市教育局配合；分管局长：林森；科长：江帆；联系人：白杨；"
            "电话：0000-0000502；邮箱：changguan@lingchuan.example。"
        ),
    ),
    "told by section in headings with items": (
        *LIST,
        "二、科室分工",
        "（一）群体科",
        f"1. 负责指标：{PATHS}",
        "2. 配合科室：规划科；配合单位：市财政局",
        "3. 分管领导：林森；科室负责人：石川；联络员：叶青",
        "4. 电话：0000-0000501；邮箱：qunti@lingchuan.example",
        "（二）场馆科",
        f"1. 负责指标：{HALLS}",
        "2. 配合单位：市教育局",
        "3. 分管领导：林森；科室负责人：江帆；联络员：白杨",
        "4. 电话：0000-0000502；邮箱：changguan@lingchuan.example",
    ),
    "contacts by section below the duties": (
        *LIST,
        "二、内部分工",
        f"群体科牵头{PATHS}一项指标，规划科、市财政局配合；",
        f"场馆科牵头{HALLS}一项指标，市教育局配合。",
        "各科联系方式如下（内部掌握）：",
        "群体科：分管副局长林森，科长石川，联络员叶青，座机0000-0000501，邮箱：qunti@lingchuan.example；",
        "场馆科：分管副局长林森，科长江帆，联络员白杨，座机0000-0000502，邮箱：changguan@lingchuan.example。",
    ),
    "articles": (
        "第一条 考核由综合科牵头组织。",
        (
            f"第二条 {PATHS}占60分，由群体科主抓，规划科协同，市财政局提供资金清单。"
            "挂钩领导为林森，科长为石川，经办同志为叶青，固话为0000-0000501，政务邮箱为qunti@lingchuan.example。"
        ),
        (
            f"第三条 {HALLS}占40分，由场馆科主抓，市教育局提供开放记录。"
            "挂钩领导为林森，科长为江帆，经办同志为白杨，固话为0000-0000502，政务邮箱为changguan@lingchuan.example。"
        ),
        "第四条 每项指标从满分起扣，扣到0分为止；不设加分。",
        f"第五条 总分相同时，{PATHS}得分高的列前。",
    ),
    "prose without numbers": (
        "考核由综合科牵头组织，两项指标分别由两个科室归口办理。",
        (
            f"{PATHS}由群体科承办，规划科协助，市财政局配合，分管领导为林森，负责人为石川，联系人为叶青，"
            "联系电话为0000-0000501，邮箱为qunti@lingchuan.example。"
        ),
        (
            f"{HALLS}由场馆科承办，市教育局配合，分管领导为林森，负责人为江帆，联系人为白杨，"
            "联系电话为0000-0000502，邮箱为changguan@lingchuan.example。"
        ),
        f"计分办法是：{PATHS}满分60分，每少建1公里扣2分；{HALLS}满分40分，得分等于40乘以开放天数再除以应开放天数。",
        "哪一项扣到0分就停，没有额外加分。",
    ),
    "points between commas": (
        "一、指标和分工",
        f"（一）{PATHS}，60分，群体科负责，规划科、市财政局配合。",
        f"（二）{HALLS}，40分，场馆科负责，市教育局配合。",
        "二、联络名单",
        f"{PATHS}：分管领导林森，责任人石川，联络员叶青，电话：0000-0000501，邮箱：qunti@lingchuan.example",
        f"{HALLS}：分管领导林森，责任人江帆，联络员白杨，电话：0000-0000502，邮箱：changguan@lingchuan.example",
    ),
    "a table with its columns in another order": (
        "一、指标与责任",
        "对接人 | 固话 | 政务邮箱 | 考核指标 | 满分 | 归口科室 | 协同科室 | 协同单位 | 挂钩领导 | 科长",
        f"叶青 | 0000-0000501 | qunti@lingchuan.example | {PATHS} | 60 | 群体科 | 规划科 | 市财政局 | 林森 | 石川",
        f"白杨 | 0000-0000502 | changguan@lingchuan.example | {HALLS} | 40 | 场馆科 | / | 市教育局 | 林森 | 江帆",
    ),
    "several tables": (
        "一、考核指标",
        "序号 | 指标名称 | 分值",
        f"1 | {PATHS} | 60",
        f"2 | {HALLS} | 40",
        "合计 | | 100",
        "二、责任分工",
        "指标名称 | 责任科室 | 配合科室 | 配合单位",
        f"{PATHS} | 群体科 | 规划科 | 市财政局",
        f"{HALLS} | 场馆科 | 无 | 市教育局",
        "三、联系方式",
        "科室 | 分管领导 | 负责人 | 联络员 | 电话 | 邮箱",
        "群体科 | 林森 | 石川 | 叶青 | 0000-0000501 | qunti@lingchuan.example",
        "场馆科 | 林森 | 江帆 | 白杨 | 0000-0000502 | changguan@lingchuan.example",
    ),
    "contacts in blocks by section": (
        *LIST,
        "二、分工",
        f"（一）{PATHS}：群体科主办，规划科协办，市财政局协助。",
        f"（二）{HALLS}：场馆科主办，市教育局协助。",
        "三、联系人员",
        "（一）群体科",
        "分管领导：林森",
        "负责人：石川",
        "联系人：叶青",
        "电话：0000-0000501",
        "电子邮箱：qunti@lingchuan.example",
        "（二）场馆科",
        "分管领导：林森",
        "负责人：江帆",
        "联系人：白杨",
        "电话：0000-0000502",
        "电子邮箱：changguan@lingchuan.example",
    ),
    "indicators with their duties under the objects": (
        "一、考什么",
        f"1.{PATHS}，满分60分。承办科室为群体科，配合科室为规划科，配合单位为市财政局。",
        "责任领导为林森，业务科长为石川，联络员为叶青，电话为0000-0000501，邮箱为qunti@lingchuan.example。",
        f"2.{HALLS}，满分40分。承办科室为场馆科，配合单位为市教育局。",
        "责任领导为林森，业务科长为江帆，联络员为白杨，电话为0000-0000502，邮箱为changguan@lingchuan.example。",
    ),
    "labels divided by blanks": (
        *LIST,
        "二、责任分工",
        f"（一）{PATHS}　承办科室：群体科　配合科室：规划科　配合单位：市财政局　分管领导：林森　负责人：石川　联络员：叶青　电话：0000-0000501　邮箱：qunti@lingchuan.example",
        f"（二）{HALLS}　承办科室：场馆科　配合单位：市教育局　分管领导：林森　负责人：江帆　联络员：白杨　电话：0000-0000502　邮箱：changguan@lingchuan.example",
    ),
    "short labels": (
        *LIST,
        "二、责任分工",
        f"（一）{PATHS}。承办：群体科。配合：规划科、市财政局。分管：林森。科长：石川。联络：叶青，0000-0000501，qunti@lingchuan.example。",
        f"（二）{HALLS}。承办：场馆科。配合：市教育局。分管：林森。科长：江帆。联络：白杨，0000-0000502，changguan@lingchuan.example。",
    ),
    "short labels below a heading": (
        "一、指标与分工",
        f"（一）{PATHS}（60分）",
        "主办：群体科；协办：规划科、市财政局；领导：林森；科长：石川；对接：叶青；电话：0000-0000501；邮箱：qunti@lingchuan.example",
        f"（二）{HALLS}（40分）",
        "主办：场馆科；协办：市教育局；领导：林森；科长：江帆；对接：白杨；电话：0000-0000502；邮箱：changguan@lingchuan.example",
    ),
    "people in brackets behind the section": (
        *LIST,
        "二、分工",
        f"群体科（分管领导林森，科长石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example）负责{PATHS}，规划科、市财政局配合。",
        f"场馆科（分管领导林森，科长江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example）负责{HALLS}，市教育局配合。",
    ),
    "people in brackets behind the duty": (
        *LIST,
        "二、分工",
        f"{PATHS}由群体科负责，规划科、市财政局配合（分管领导：林森；负责人：石川；联络员：叶青；电话：0000-0000501；邮箱：qunti@lingchuan.example）。",
        f"{HALLS}由场馆科负责，市教育局配合（分管领导：林森；负责人：江帆；联络员：白杨；电话：0000-0000502；邮箱：changguan@lingchuan.example）。",
    ),
    "a table whose rows are the labels": (
        *LIST,
        "二、分工",
        f"项目 | {PATHS} | {HALLS}",
        "责任科室 | 群体科 | 场馆科",
        "配合科室 | 规划科 | 无",
        "配合单位 | 市财政局 | 市教育局",
        "分管领导 | 林森 | 林森",
        "负责人 | 石川 | 江帆",
        "联络员 | 叶青 | 白杨",
        "电话 | 0000-0000501 | 0000-0000502",
        "邮箱 | qunti@lingchuan.example | changguan@lingchuan.example",
    ),
    "a table of two columns for each indicator": (
        *LIST,
        "二、分工",
        f"指标名称 | {PATHS}",
        "责任科室 | 群体科",
        "配合科室 | 规划科",
        "配合单位 | 市财政局",
        "分管领导 | 林森",
        "负责人 | 石川",
        "联络员 | 叶青",
        "电话 | 0000-0000501",
        "邮箱 | qunti@lingchuan.example",
        f"指标名称 | {HALLS}",
        "责任科室 | 场馆科",
        "配合单位 | 市教育局",
        "分管领导 | 林森",
        "负责人 | 江帆",
        "联络员 | 白杨",
        "电话 | 0000-0000502",
        "邮箱 | changguan@lingchuan.example",
    ),
    "a table that begins with the section": (
        *LIST,
        "二、科室分工",
        "科室 | 负责指标 | 配合科室 | 配合单位 | 分管领导 | 科长 | 联络员 | 电话 | 邮箱",
        f"群体科 | {PATHS} | 规划科 | 市财政局 | 林森 | 石川 | 叶青 | 0000-0000501 | qunti@lingchuan.example",
        f"场馆科 | {HALLS} | — | 市教育局 | 林森 | 江帆 | 白杨 | 0000-0000502 | changguan@lingchuan.example",
    ),
    "cells that hold two things": (
        "一、指标和分工",
        "序号 | 考核指标（分值） | 责任科室 | 配合科室（单位） | 分管领导 | 科室负责人 | 联络员及电话 | 邮箱",
        f"1 | {PATHS}（60分） | 群体科 | 规划科、市财政局 | 林森 | 石川 | 叶青 0000-0000501 | qunti@lingchuan.example",
        f"2 | {HALLS}（40分） | 场馆科 | 市教育局 | 林森 | 江帆 | 白杨 0000-0000502 | changguan@lingchuan.example",
    ),
    "decimal numbers": (
        "1 指标和分工",
        "1.1 考核由综合科牵头。",
        f"1.2 {PATHS}（60分）：责任科室群体科，配合科室规划科，配合单位市财政局，分管领导林森，负责人石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example。",
        f"1.3 {HALLS}（40分）：责任科室场馆科，配合单位市教育局，分管领导林森，负责人江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example。",
    ),
    "one by one in clauses": (
        *LIST,
        "二、分工",
        f"一是{PATHS}，由群体科牵头，规划科、市财政局配合，分管领导林森，负责人石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example；",
        f"二是{HALLS}，由场馆科牵头，市教育局配合，分管领导林森，负责人江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example。",
    ),
    "all in one paragraph": (
        (
            f"考核指标为{PATHS}（60分）、{HALLS}（40分）。{PATHS}由群体科负责，规划科、市财政局配合，分管领导林森，负责人石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example；"
            f"{HALLS}由场馆科负责，市教育局配合，分管领导林森，负责人江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example。"
        ),
    ),
    "assigned to a section": (
        *LIST,
        "二、分工",
        f"（一）{PATHS}的评分工作交由群体科承担，规划科和市财政局予以配合。分管领导是林森，科室负责人是石川，联络人是叶青（电话0000-0000501，邮箱qunti@lingchuan.example）。",
        f"（二）{HALLS}的评分工作交由场馆科承担，市教育局予以配合。分管领导是林森，科室负责人是江帆，联络人是白杨（电话0000-0000502，邮箱changguan@lingchuan.example）。",
    ),
    "sections behind a colon": (
        *LIST,
        "二、责任科室",
        f"{PATHS}：群体科，协同规划科、市财政局。",
        f"{HALLS}：场馆科，协同市教育局。",
        "三、联系方式",
        "群体科分管领导林森，科长石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example。",
        "场馆科分管领导林森，科长江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example。",
    ),
    "a table in an annex": (
        *LIST,
        "二、职责分工",
        "各指标责任科室、联系人见附件2。",
        *FOOT,
        "附件2",
        "考核指标责任分工表",
        "指标 | 责任科室 | 配合科室 | 配合单位 | 分管领导 | 负责人 | 联络员 | 电话 | 邮箱",
        f"{PATHS} | 群体科 | 规划科 | 市财政局 | 林森 | 石川 | 叶青 | 0000-0000501 | qunti@lingchuan.example",
        f"{HALLS} | 场馆科 |  | 市教育局 | 林森 | 江帆 | 白杨 | 0000-0000502 | changguan@lingchuan.example",
    ),
    "parts behind the names of people": (
        "一、评分分工",
        f"（一）群体科负责{PATHS}（60分），规划科协助，市财政局配合；",
        f"（二）场馆科负责{HALLS}（40分），市教育局配合。",
        "二、联系人",
        "群体科：林森（分管领导）、石川（科长）、叶青（联络员），电话0000-0000501，邮箱qunti@lingchuan.example",
        "场馆科：林森（分管领导）、江帆（科长）、白杨（联络员），电话0000-0000502，邮箱changguan@lingchuan.example",
    ),
    "a heading for each indicator": (
        f"一、{PATHS}（60分）",
        "责任科室为群体科，配合科室为规划科，配合单位为市财政局。",
        "分管领导为林森，负责人为石川，联系人为叶青，电话为0000-0000501，邮箱为qunti@lingchuan.example。",
        f"二、{HALLS}（40分）",
        "责任科室为场馆科，配合单位为市教育局。",
        "分管领导为林森，负责人为江帆，联系人为白杨，电话为0000-0000502，邮箱为changguan@lingchuan.example。",
        "三、计分规则",
        "每项指标从满分起扣。",
    ),
    "duties in brackets in the list": (
        "一、考核指标",
        f"考核指标共两项：{PATHS}（60分，群体科负责，规划科、市财政局配合）、{HALLS}（40分，场馆科负责，市教育局配合）。",
        "二、联系方式",
        "群体科：分管领导林森，负责人石川，联络员叶青，电话0000-0000501，邮箱qunti@lingchuan.example。",
        "场馆科：分管领导林森，负责人江帆，联络员白杨，电话0000-0000502，邮箱changguan@lingchuan.example。",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_duties(form):
    check(read(*FORMS[form]))
