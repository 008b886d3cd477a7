"""The closed union of all kinds of acts, by their wire names."""

from collections.abc import Mapping
from typing import get_args

from kaoping.core.acts.collecting import (
    ApplicabilityDecided,
    DailyNoteMade,
    DailyNoteWithdrawn,
    EvidenceAccepted,
    EvidenceCorrected,
    EvidenceFiled,
    EvidenceFiledOnBehalf,
    EvidenceReturned,
    EvidenceWithdrawn,
    FilingAcceptedByUnit,
    FilingConfirmed,
    ResultReported,
    ValueDecided,
)
from kaoping.core.acts.filing import (
    MeetingDecided,
    PackageSent,
    ReportFrozen,
    ReportSigned,
)
from kaoping.core.acts.keeping import (
    RegisterMigrated,
    RunComputed,
    RunWritten,
    SecurityLogSealed,
    TextRedacted,
)
from kaoping.core.acts.scoring import (
    DisciplineUndertaken,
    OpinionGiven,
    ScoreAdjusted,
    ScoresProposed,
    SheetPaperConfirmed,
    SheetReceived,
    SheetReopened,
    SheetReturned,
    SheetSignedByHandler,
    SheetSignedByHead,
    SheetSignedOnPaper,
    SheetSubmitted,
    VetoDeclared,
    VetoLifted,
)
from kaoping.core.acts.setting_up import (
    AdministratorAsked,
    AdministratorAskingDeclined,
    AdministratorEnded,
    AdministratorEndingAsked,
    AdministratorGiven,
    AssessmentOpened,
    DataOwnersNamed,
    DeadlineExtended,
    DeadlineSet,
    DutyEnded,
    DutyGiven,
    PersonRegistered,
    SchemePublished,
    SectionRegistered,
    UnitRegistered,
)
from kaoping.core.acts.verifying import (
    DigitsRecorded,
    DigitsWitnessed,
    DrawExempted,
    DrawPlanned,
    DrawWithdrawn,
    FindingRecorded,
    InspectorAppointed,
    InterestDeclared,
    TeamChanged,
    TeamFormed,
    VerificationDecided,
    VerificationOpinionAdopted,
    VerificationOpinionDeclined,
    VerificationOpinionSigned,
)

Content = (
    UnitRegistered
    | SectionRegistered
    | PersonRegistered
    | DutyGiven
    | DutyEnded
    | AdministratorAsked
    | AdministratorGiven
    | AdministratorEndingAsked
    | AdministratorEnded
    | AdministratorAskingDeclined
    | SchemePublished
    | AssessmentOpened
    | DataOwnersNamed
    | DeadlineSet
    | DeadlineExtended
    | ResultReported
    | EvidenceFiled
    | EvidenceFiledOnBehalf
    | FilingAcceptedByUnit
    | DailyNoteMade
    | DailyNoteWithdrawn
    | EvidenceAccepted
    | EvidenceReturned
    | EvidenceCorrected
    | EvidenceWithdrawn
    | FilingConfirmed
    | ValueDecided
    | ApplicabilityDecided
    | DisciplineUndertaken
    | ScoresProposed
    | ScoreAdjusted
    | VetoDeclared
    | VetoLifted
    | OpinionGiven
    | SheetSignedByHandler
    | SheetSignedByHead
    | SheetSignedOnPaper
    | SheetPaperConfirmed
    | SheetSubmitted
    | SheetReceived
    | SheetReturned
    | SheetReopened
    | VerificationDecided
    | TeamFormed
    | TeamChanged
    | InspectorAppointed
    | InterestDeclared
    | DrawPlanned
    | DrawWithdrawn
    | DigitsWitnessed
    | DigitsRecorded
    | DrawExempted
    | FindingRecorded
    | VerificationOpinionSigned
    | VerificationOpinionAdopted
    | VerificationOpinionDeclined
    | ReportFrozen
    | MeetingDecided
    | ReportSigned
    | PackageSent
    | TextRedacted
    | RunComputed
    | RunWritten
    | SecurityLogSealed
    | RegisterMigrated
)
"""办理的内容: one member for each kind of act, and no others."""

MEMBERS: tuple[type[Content], ...] = get_args(Content)
"""All kinds of acts, in the order of a year."""

BY_TYPE: Mapping[str, type[Content]] = {member.wire: member for member in MEMBERS}
"""The kinds of acts by their wire names."""
