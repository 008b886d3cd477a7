"""登记: the rows of units, persons, duties, schemes and years, as the acts have left them.

Only `kaoping.web.register` writes them. Columns are those of `core.projection.TABLES`; a test
compares them. Ids come from the acts; days are texts in ISO form, which sort as days do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = 400
"""Longest id of a row, in characters: ids and codes that it is made of."""
CODE, NAME, WORD, DAY = 200, 500, 40, 10


def _to(model: str, column: str, verbose: str, *, null: bool = False) -> models.ForeignKey:  # type: ignore[type-arg]
    """A reference to another row of the register, in a column of the plain name."""
    return models.ForeignKey(
        model, models.PROTECT, db_column=column, verbose_name=verbose, null=null, related_name="+"
    )


class RegisterRow(models.Model):
    """一行登记: which version of it this is; every version was written by an act."""

    id = models.CharField("编号", primary_key=True, max_length=ID)
    version = models.PositiveIntegerField("版本")

    class Meta:
        """Each table has its own columns."""

        abstract = True

    def __str__(self) -> str:
        return self.id


class Unit(RegisterRow):
    """单位."""

    code = models.CharField("编号", max_length=CODE)
    name = models.CharField("名称", max_length=NAME)

    class Meta:
        """Codes are not given twice."""

        db_table = "register_unit"
        constraints = (models.UniqueConstraint(fields=["code"], name="unit_code_once"),)


class Section(RegisterRow):
    """科室."""

    code = models.CharField("编号", max_length=CODE)
    name = models.CharField("名称", max_length=NAME)
    unit = _to("Unit", "unit", "所属单位", null=True)

    class Meta:
        """Codes are not given twice."""

        db_table = "register_section"
        constraints = (models.UniqueConstraint(fields=["code"], name="section_code_once"),)


class Person(RegisterRow):
    """人员: one account of a human being."""

    name = models.CharField("姓名", max_length=NAME)
    unit = _to("Unit", "unit", "单位", null=True)
    section = _to("Section", "section", "科室", null=True)
    human = models.CharField("同一个人", max_length=64, db_index=True)
    has_undertaken = models.BooleanField("已作廉政承诺")

    class Meta:
        """A person belongs to one house at the most."""

        db_table = "register_person"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(unit=None) | models.Q(section=None), name="person_one_house"
            ),
        )


class Interest(RegisterRow):
    """利害关系."""

    person = _to("Person", "person", "人员")
    unit = _to("Unit", "unit", "单位")

    class Meta:
        """Declared once for a unit."""

        db_table = "register_interest"


class Duty(RegisterRow):
    """职责."""

    person = _to("Person", "person", "人员")
    role = models.CharField("角色", max_length=WORD)
    unit = _to("Unit", "unit", "单位", null=True)
    section = _to("Section", "section", "科室", null=True)
    indicator = models.CharField("指标", max_length=CODE, null=True)  # noqa: DJ001 - null: all of them
    from_date = models.CharField("自", max_length=DAY)
    until_date = models.CharField("至", max_length=DAY, null=True)  # noqa: DJ001 - null: no last day
    on_behalf_of = _to("Person", "on_behalf_of", "代理", null=True)
    standing = models.CharField("状态", max_length=WORD)

    class Meta:
        """Both days are included."""

        db_table = "register_duty"


class Appointment(RegisterRow):
    """管理员任职."""

    person = _to("Person", "person", "人员")
    office = models.CharField("职位", max_length=WORD)
    asked_by = _to("Person", "asked_by", "提请人")
    standing = models.CharField("状态", max_length=WORD)

    class Meta:
        """Who asks is another one (P34)."""

        db_table = "register_appointment"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(person=models.F("asked_by")),
                name="appointment_asked_by_another",
            ),
        )


class Scheme(RegisterRow):
    """实施方案 in its version in force; `plan` is that version's number."""

    plan = models.PositiveIntegerField("方案版本")
    document_number = models.CharField("文号", max_length=CODE)
    sha256 = models.CharField("方案摘要", max_length=64)
    coordinating_section = _to("Section", "coordinating_section", "汇总科室")
    late = models.CharField("逾期", max_length=WORD)

    class Meta:
        """Earlier versions stand in the journal."""

        db_table = "register_scheme"


class Indicator(RegisterRow):
    """指标."""

    scheme = _to("Scheme", "scheme", "方案")
    code = models.CharField("编号", max_length=CODE)
    place = models.PositiveIntegerField("次序")
    responsible_section = _to("Section", "responsible_section", "责任科室")

    class Meta:
        """Once in a scheme."""

        db_table = "register_indicator"
        constraints = (
            models.UniqueConstraint(fields=["scheme", "code"], name="indicator_once_in_scheme"),
        )


class Cooperation(RegisterRow):
    """配合科室."""

    indicator = _to("Indicator", "indicator", "指标")
    section = _to("Section", "section", "科室")

    class Meta:
        """Beside the responsible section."""

        db_table = "register_cooperation"


class Task(RegisterRow):
    """任务."""

    indicator = _to("Indicator", "indicator", "指标")
    code = models.CharField("编号", max_length=CODE)
    place = models.PositiveIntegerField("次序")

    class Meta:
        """Once in an indicator."""

        db_table = "register_task"
        constraints = (
            models.UniqueConstraint(fields=["indicator", "code"], name="task_once_in_indicator"),
        )


class Cell(RegisterRow):
    """一个单位的一项任务, as the scheme has it: whether it applies."""

    task = _to("Task", "task", "任务")
    unit = _to("Unit", "unit", "单位")
    applies = models.BooleanField("适用")

    class Meta:
        """Once for each unit and task."""

        db_table = "register_cell"
        constraints = (models.UniqueConstraint(fields=["task", "unit"], name="cell_once"),)


class Assessment(RegisterRow):
    """一次考评."""

    scheme = _to("Scheme", "scheme", "方案")
    year = models.PositiveIntegerField("年度")
    name = models.CharField("名称", max_length=NAME)
    standing = models.CharField("状态", max_length=WORD)

    class Meta:
        """Of one year under one scheme."""

        db_table = "register_assessment"


class Deadline(RegisterRow):
    """时限 in force; `versions` counts how often it was set."""

    assessment = _to("Assessment", "assessment", "考评")
    step = models.CharField("环节", max_length=WORD)
    until = models.CharField("截止", max_length=DAY)
    versions = models.PositiveIntegerField("次数")

    class Meta:
        """One for each step."""

        db_table = "register_deadline"
        constraints = (
            models.UniqueConstraint(fields=["assessment", "step"], name="deadline_once_for_step"),
        )


REGISTER: Mapping[str, type[RegisterRow]] = {
    "unit": Unit,
    "section": Section,
    "person": Person,
    "interest": Interest,
    "duty": Duty,
    "appointment": Appointment,
    "scheme": Scheme,
    "indicator": Indicator,
    "cooperation": Cooperation,
    "task": Task,
    "cell": Cell,
    "assessment": Assessment,
    "deadline": Deadline,
}
"""The model of each table of the register, in an order in which each refers to earlier ones only."""
