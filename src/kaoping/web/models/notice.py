"""通知、提醒、日历订阅: what a person was told, and by which ways. Private rows, no acts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kaoping.web.viewer import Viewer

PERSON, KEY, MOMENT = 36, 300, 20
"""Longest id of a person, key of a matter, and time, in characters."""


class MessageKind(StrEnum):
    """Why somebody is told."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    URGE = "urge"


class Messages(models.QuerySet["Message"]):
    """Asking for messages."""

    def visible_to(self, viewer: Viewer) -> Messages:
        """One's own, and nobody else's."""
        return self.filter(person=viewer.person)


class Message(models.Model):
    """提醒或督办: all that one person is told at one time, in one message."""

    person = models.CharField("人员", max_length=PERSON, db_index=True)
    kind = models.CharField("种类", max_length=12)
    at = models.CharField("时间", max_length=MOMENT)
    subject = models.CharField("标题", max_length=200)
    text = models.TextField("正文")

    objects = Messages.as_manager()

    class Meta:
        """Newest first."""

        db_table = "message"
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.subject

    @property
    def key(self) -> str:
        """Under which it is marked as read."""
        return f"message/{self.pk}"


class Told(models.Model):
    """已提醒: which matter somebody was told of on which occasion, so that nobody is told twice."""

    person = models.CharField("人员", max_length=PERSON)
    matter = models.CharField("事项", max_length=KEY)
    occasion = models.CharField("时机", max_length=20)
    message = models.ForeignKey(Message, models.CASCADE, related_name="matters")

    class Meta:
        """Once for an occasion."""

        db_table = "told"
        constraints = (
            models.UniqueConstraint(fields=["person", "matter", "occasion"], name="told_once"),
        )

    def __str__(self) -> str:
        return f"{self.matter} {self.occasion}"


NO_ADDRESS = "no address"
"""The fault of a delivery to somebody who has taken his address away meanwhile."""


class DeliveryState(StrEnum):
    """How far a message is on one way."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Delivery(models.Model):
    """一条消息经一条渠道的送达."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=10, default=DeliveryState.WAITING.value)
    attempts = models.PositiveIntegerField("次数", default=0)
    next_try_at = models.CharField("下次尝试", max_length=MOMENT, blank=True)
    sent_at = models.CharField("送达", max_length=MOMENT, blank=True)
    failure = models.CharField("故障", max_length=100, blank=True)
    """The kind of fault; never an address or what a server said."""

    class Meta:
        """A message goes each way once."""

        db_table = "delivery"
        constraints = (
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
        )
        indexes = (models.Index(fields=["state", "next_try_at"], name="delivery_due"),)

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"


class ReadMark(models.Model):
    """已读: that somebody has seen a notice."""

    person = models.CharField("人员", max_length=PERSON)
    notice = models.CharField("通知", max_length=KEY)
    at = models.CharField("时间", max_length=MOMENT)

    class Meta:
        """Once for a notice."""

        db_table = "read_mark"
        constraints = (models.UniqueConstraint(fields=["person", "notice"], name="read_once"),)

    def __str__(self) -> str:
        return self.notice


class CalendarToken(models.Model):
    """日历订阅: the digest of the secret in the address of somebody's calendar; nobody keeps the secret."""

    person = models.CharField("人员", max_length=PERSON, unique=True)
    digest = models.CharField("摘要", max_length=64, unique=True)
    made_at = models.CharField("生成于", max_length=MOMENT)

    class Meta:
        """One address for a person."""

        db_table = "calendar_token"

    def __str__(self) -> str:
        return self.person
