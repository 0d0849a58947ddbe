"""Where the portal keeps something of a person: every column that names one, and what it means.

A column that is not listed here fails a test, so that no new table is forgotten when somebody
asks for their data, or to be forgotten.
"""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Column, Table

from portal.database import Base

NAMING = frozenset({"person_id", "actor_id", "accountable_id"})
"""Columns that name a person without a foreign key."""


class Fate(Enum):
    """What becomes of a row when its person is erased."""

    STAYS = auto()
    """It is about a thing, and from then on names a former colleague."""
    GOES = auto()
    """It is about the person, and is removed."""
    EMPTIED = auto()
    """It stays as part of a proof, without what was personal in it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A column that names a person; ``given`` are the columns of its row that are theirs."""

    place: str
    fate: Fate
    given: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The table it stands in."""
        return Base.metadata.tables[self.place.partition(".")[0]]

    @property
    def column(self) -> Column[int]:
        """The column that names the person."""
        found: Column[int] = self.table.c[self.place.partition(".")[2]]
        return found


def _stays(place: str, given: str = "") -> Held:
    return Held(place, Fate.STAYS, tuple(given.split()))


def _goes(place: str, given: str = "") -> Held:
    return Held(place, Fate.GOES, tuple(given.split()))


HELD = (
    _goes(
        "sign_in_sessions.person_id", "created_at last_seen_at expires_at method network browser"
    ),
    _goes("one_time_links.person_id", "purpose created_at expires_at used_at"),
    _goes("second_factors.person_id", "confirmed_at"),
    _goes("recovery_codes.person_id", "used_at"),
    _goes(
        "telling_choices.person_id", "rhythm quiet_from quiet_until refused_address refused_because"
    ),
    _goes("deliveries.person_id", "channel state due_at settled_at address reason"),
    _goes("notices.person_id", "kind title body created_at read_at"),
    _goes("rate_counts.person_id", "kind began_at times"),
    _goes("sittings.person_id", "look started_at ended_at left_count"),
    _goes("saved_views.person_id", "name look created_at"),
    _goes("review_hours.person_id", "hours set_at"),
    _goes("authors_shown.person_id", "idea_id shown_at"),
    _goes("note_mentions.person_id", "note_id"),
    _goes("role_assignments.person_id", "role department_id granted_at ended_at"),
    Held("audit_asides.person_id", Fate.EMPTIED, ("seq", "text")),
    _stays("audit_rows.actor_id", "seq at action object_kind object_id"),
    _stays("role_assignments.granted_by_id", "role granted_at"),
    _stays("departments.head_id", "name"),
    _stays("departments.deputy_id", "name"),
    _stays("clocks.accountable_id", "subject_kind subject_id kind started_at due_at stopped_at"),
    _stays("accounts.person_id", "kind unit balance"),
    _stays("redemptions.person_id", "number price_points state requested_at changed_at"),
    _stays("redemptions.changed_by_id", "number state changed_at"),
    _stays("attachments.person_id", "subject_kind subject_id name kind state size created_at"),
    _stays(
        "ideas.submitter_id",
        "number title problem proposal lens control state created_at submitted_at",
    ),
    _stays("ideas.handler_id", "number waits_since due_at"),
    _stays("idea_authors.person_id", "idea_id share_percent"),
    _stays("idea_moves.actor_id", "idea_id at verb sentence"),
    _stays("idea_marks.actor_id", "idea_id at kind sentence"),
    _stays("idea_marks.person_id", "idea_id at kind"),
    _stays("comments.person_id", "idea_id body created_at"),
    _stays("supports.person_id", "idea_id occurred_on channel example minutes created_at"),
    _stays(
        "insights.author_id",
        "number text expected channel demand_type severity minutes segment moment friction "
        "occurred_at created_at external_id",
    ),
    _stays("seals.persona_id", "subject_kind subject_id"),
    _stays("follow_ups.persona_id"),
    _stays("seal_openings.asked_by_id", "asked_because asked_at"),
    _stays("seal_openings.answered_by_id", "answered_because answered_at"),
    _stays("appeals.made_by_id", "idea_id reason made_at"),
    _stays("appeals.against_id", "idea_id made_at"),
    _stays("appeals.heard_by_id", "idea_id heard_at"),
    _stays("answer_ratings.person_id", "decision_id is_useful rated_at"),
    _stays(
        "decisions.signed_by_id",
        "idea_id kind reason_code sentence would_change signed_at undone_at",
    ),
    _stays("held_decisions.signed_by_id", "idea_id until"),
    _stays("decisions.answered_by_id", "idea_id answer answered_at"),
    _stays("transfers.asked_by_id", "idea_id reason asked_at"),
    _stays("transfers.answered_by_id", "idea_id outcome answered_at"),
    _stays("contributions.asked_by_id", "idea_id department_id task asked_at"),
    _stays("contributions.settled_by_id", "idea_id department_id outcome words settled_at"),
    _stays("notes.person_id", "idea_id body written_at withdrawn_at"),
    _stays("scores.person_id", "idea_id effort confidence scored_at"),
    _stays("review_rules.set_by_id", "department_id is_blind shows_spread set_at"),
    _stays("merges.merged_by_id", "idea_id into_id merged_at"),
    _stays("merges.unmerged_by_id", "idea_id into_id unmerged_at"),
    _stays("absences.person_id", "from_on until_on noted_at called_off_at"),
    _stays("absences.noted_by_id", "from_on until_on noted_at"),
    _stays("stand_ins.absent_id", "idea_id until_on ended_at"),
    _stays("stand_ins.stand_in_id", "idea_id until_on ended_at"),
    _stays("commitments.person_id", "idea_id due_on definition_of_done track"),
    _stays("commitments.signed_by_id", "idea_id due_on signed_at"),
    _stays("date_changes.changed_by_id", "from_on to_on reason changed_at"),
    _stays("progress_notes.person_id", "sentence said_at"),
    _stays(
        "implementations.recorded_by_id", "idea_id go_live_on what_changes evidence evidence_url"
    ),
    _stays("confirmations.person_id", "implementation_id sees_it said_at"),
    _stays("credit_shares.person_id", "idea_id role percent proposed_at frozen_at"),
    _stays("impact_credits.person_id", "idea_id percent low_minor mid_minor high_minor grade"),
    _stays("benefit_lines.claimed_by_id", "idea_id kind label evidence created_at"),
    _stays("validations.signed_by_id", "idea_id outcome sentence evidence signed_at"),
    _stays("metrics.created_by_id", "number key name created_at"),
    _stays("metric_points.recorded_by_id", "metric_id period_start value recorded_at"),
    _stays("baselines.locked_by_id", "metric_id note locked_at"),
    _stays("router_settings.set_by_id", "is_on confidence_percent set_at"),
    _stays("routing_rule_versions.changed_by_id", "name change changed_at"),
)
"""Rows that go stand before those that they refer to."""


def list_naming() -> set[str]:
    """Every column of the database that names a person, as ``table.column``."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in NAMING
        or any(key.column.table.name == "persons" for key in column.foreign_keys)
    }
