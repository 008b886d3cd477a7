"""Five indicators with their tasks, invented, to be written as tables in several layouts."""

_INDUSTRY = "市工业和信息化局、市交通运输局、市教育局、百东新区（高新区）管委会"
_SERVICES = "市商务局、市民政局、市邮政管理局"
_BUSINESS = "市市场监管局、市大数据发展局、市财政局、市税务局"
_PAIRING = "市农业农村局、市投资促进局、市卫生健康委"
_MARKET = "市市场监管局、市公共资源交易中心、市司法局"

INDICATORS = [
    (
        "重大项目提升行动",
        "10",
        [
            ("1.1", "4", "完成年度投资计划", "按完成投资占年度计划的比例得分，低于60%得0分。", "年度投资计划下达文件；12月重大项目月报（系统导出）；统计入库凭证", _INDUSTRY),
            ("1.2", "2", "新开工项目", "每少1个扣0.2分，扣完为止；超额每1个加0.1分，加分不超过0.3分。", "开工清单；施工许可证或开工令；现场影像（带时间）", _INDUSTRY),
            ("1.3", "1.5", "竣工（投产）项目", "每少1个扣0.3分，扣完为止。", "竣工清单；竣工验收或投产证明", _INDUSTRY),
            ("1.4", "1.5", "2024年下半年攻坚措施落实", "每项未落实按比例扣分，扣完为止。", "措施分工表；落实情况报告；会议纪要", _INDUSTRY),
            ("1.5", "1", "项目月报及要素保障", "迟报1次扣0.1分，漏报1次扣0.2分，扣完为止。", "系统报送日志；协调事项办理单", "市自然资源局、市林业局"),
        ],
    ),
    (
        "壮大消费经济暨第三产业提升行动",
        "5",
        [
            ("2.1", "3", "新增规模以上服务业企业入统", "3×新增入统数/任务数；超额每1家加0.1分，加分不超过0.3分。", "入统批复或名录截图；企业营业执照；任务分解文件", _SERVICES),
            ("2.2", "1", "培育库建立与走访服务", "建库得0.4分；走访率达到90%得0.6分，每低10个百分点扣0.1分，不足10个百分点的不扣，扣完为止。", "培育企业清单；走访记录；问题办理台账", _SERVICES),
            ("2.3", "1", "在库企业稳库、统计报表", "退库1家扣0.2分；迟报每次扣0.1分，扣完为止。", "统计局退库说明；报表报送记录", _SERVICES),
        ],
    ),
    (
        "优化营商环境",
        "8",
        [
            ("3.1", "3", "年度营商环境工作要点任务", "每项未完成按比例扣分，未按时报送进展每次扣0.1分，扣完为止。", "任务清单；佐证材料；季度进展表", _BUSINESS),
            ("3.2", "2", "自治区第三方评估牵头指标", "排名1—5名得2分，6—10名得1.5分，11—14名得1分。", "自治区评估结果通报", _BUSINESS),
            ("3.3", "1.5", "企业诉求与12345涉企工单", "按时办结率100%得1分，每低1个百分点扣0.1分，按比例计，扣完为止；满意率达到95%得0.5分。", "热线平台导出数据；逾期工单说明", _BUSINESS),
            ("3.4", "1", "事项标准化和“高效办成一件事”", "应领尽领得0.6分；动态调整及时得0.4分。", "事项目录；不予认领说明", _BUSINESS),
            ("3.5", "0.5", "拖欠账款、损害营商环境问题", "被市级以上通报1次倒扣0.5分，自治区级1分，国家级2分。", "通报文件", _BUSINESS),
        ],
    ),
    (
        "深百合作",
        "4",
        [
            ("4.1", "2", "2024年工作要点责任事项", "未达年度节点每项扣0.2分；未启动每项扣0.4分；扣完为止。", "工作要点任务分解表；进展报告；会议纪要", _PAIRING),
            ("4.2", "1", "产业合作项目签约落地", "1×（签约数/任务×50%+到位资金/任务×50%），最高得1分。", "签约协议；资金到账凭证；营业执照", _PAIRING),
            ("4.3", "1", "互访、培训、劳务和消费协作", "每组织1次有成果活动得0.2分，不超过1分；同一活动不重复计分。", "方案；签到表；成果清单", _PAIRING),
        ],
    ),
    (
        "贯彻落实建设全国统一大市场",
        "3",
        [
            ("5.1", "1.2", "公平竞争审查应审尽审", "抽查发现未审查1件扣0.3分，审查有误1件扣0.1分，扣完为止。", "政策措施清单；审查表；抽查结果通报", _MARKET),
            ("5.2", "0.8", "清理妨碍统一市场的规定做法", "按期完成清理得0.8分；逾期扣0.2分；漏清1件扣0.2分，扣完为止。", "清理工作报告；废止修改清单", _MARKET),
            ("5.3", "0.6", "问题线索整改", "0.6×已整改/应整改。", "线索交办单；整改销号表", _MARKET),
            ("5.4", "0.4", "信息与年度总结报送", "每迟1次扣0.1分，扣完为止。", "报送记录", _MARKET),
        ],
    ),
]  # fmt: skip

TASKS = [task for _, _, tasks in INDICATORS for task in tasks]


def merged_column():
    """One table; the indicator is merged over its tasks, points stand behind its name."""
    rows = [["市发展改革委牵头的指标考核内容、任务、完成标准、台账目录清单", *["<"] * 6]]
    rows.append(["序号", "考核内容", "任务", "分 值", "完成\\n标准", "台账目录", "涉及单位"])
    for at, (name, points, tasks) in enumerate(INDICATORS, 1):
        for row, (number, own, task, standard, catalogue, units) in enumerate(tasks):
            head = ["^", "^"] if row else [str(at), f"{name}（{points}分）"]
            rows.append([*head, f"{number} {task}", own, standard, catalogue, units])
    return [(rows, "")]


def blocks():
    """One table; each indicator is a row over all columns with the heading repeated below."""
    rows = [["附件1", *["<"] * 5]]
    for numeral, (name, points, tasks) in zip("一二三四五", INDICATORS, strict=True):
        rows.append([f"{numeral}、{name}（满分{points}分）", *["<"] * 5])
        rows.append(["编号", "分值", "具体任务", "评分标准", "佐证材料", "被考评单位"])
        for number, own, task, standard, catalogue, units in tasks:
            numbered = "".join(f"{n}.{m}；" for n, m in enumerate(catalogue.split("；"), 1))
            rows.append([number, f"{own}分", task, standard, numbered, units])
        rows.append(["小计", "<", "<", points, "", ""])
    return [(rows, "")]


def sheets():
    """A sheet for each indicator, named by it, without merged cells, as csv has them."""
    tables = []
    for name, points, tasks in INDICATORS:
        rows = [["编号", "考核事项", f"分值（{points}分）", "计分办法", "台账清单", "责任单位"]]
        for number, own, task, standard, catalogue, units in tasks:
            lines = catalogue.replace("；", "\\n")
            rows.append([number, task, own, standard, lines, units.replace("、", "\\n")])
        tables.append((rows, f"{name}"))
    return tables


LAYOUTS = {"merged": merged_column, "blocks": blocks, "sheets": sheets}
