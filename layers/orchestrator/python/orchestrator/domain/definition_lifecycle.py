"""Transitions of definitions: each returns the definition as it is then, and what happened."""

from dataclasses import replace
from datetime import datetime

from orchestrator.domain.definition import (
    Definition,
    DefinitionStatus,
    DefinitionUpdate,
    Publication,
    ValidationResult,
    Version,
)
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Happening

Transition = tuple[Definition, tuple[Happening, ...]]
S = DefinitionStatus
_DRAFTS = frozenset({S.DRAFT, S.VALIDATED})
_STATUS_EVENTS = {
    S.PUBLISHED: EventType.DEFINITION_PUBLISHED,
    S.DEPRECATED: EventType.DEFINITION_DEPRECATED,
    S.ARCHIVED: EventType.DEFINITION_ARCHIVED,
}
#: what a caller may ask for by a plain change of status; the others are reached by validate and publish
_BY_REQUEST = {
    S.DEPRECATED: frozenset({S.PUBLISHED}),
    S.PUBLISHED: frozenset({S.DEPRECATED}),
    S.ARCHIVED: frozenset({S.DRAFT, S.VALIDATED, S.PUBLISHED, S.DEPRECATED}),
}


def created(definition: Definition) -> Transition:
    """A new draft."""
    return definition, (
        Happening(
            type=EventType.DEFINITION_CREATED,
            at=definition.created_at,
            data={"name": definition.name, "version": str(definition.version)},
            actor=definition.created_by,
        ),
    )


def updated(
    definition: Definition,
    update: DefinitionUpdate,
    *,
    digest: str | None,
    validation: ValidationResult | None,
    actor: str,
    at: datetime,
) -> Transition:
    """Apply an update; `digest` and `validation` are those of its content (None: none given). Nothing new: no event.

    Raises:
        Conflict: archived; published content without a higher version; a status that may not follow.
        InvalidRequest: the version is no `x.y.z`.
    """
    refuse_archived(definition)
    drafted = _redrafted(definition, update, digest)
    after = replace(
        drafted,
        validation=validation if drafted.validation is None else drafted.validation,
        name=definition.name if update.name is None else update.name,
        description=definition.description if update.description is None else update.description,
        metadata=definition.metadata if update.metadata is None else update.metadata,
    )
    happenings = _update_happening(definition, after, actor=actor, at=at)
    if update.status is not None and update.status is not after.status:
        after, status_happening = _with_status(after, update.status, actor=actor, at=at)
        happenings += (status_happening,)
    return (replace(after, updated_at=at), happenings) if happenings else (definition, ())


def refuse_archived(definition: Definition) -> None:
    """An archived definition is closed for good.

    Raises:
        Conflict: it is archived.
    """
    if definition.status is S.ARCHIVED:
        raise Conflict("Workflow definition is archived", current_status=S.ARCHIVED, definition_id=definition.id)


def _redrafted(definition: Definition, update: DefinitionUpdate, digest: str | None) -> Definition:
    """The definition with new content or version; a published version is never touched, it gets a successor."""
    wanted = definition.version if update.version is None else Version.parse(update.version)
    same_content = digest is None or digest == definition.content_digest
    if same_content and wanted == definition.version:
        return definition
    published = definition.publication.version if definition.publication else None
    floor = published if definition.status in _DRAFTS else max(published or definition.version, definition.version)
    if floor is not None and wanted <= floor:
        raise Conflict(
            f"Published content is immutable: new content needs a version greater than {floor}",
            current_status=definition.status,
            current_version=str(floor),
        )
    drafted = replace(definition, status=S.DRAFT, version=wanted, validation=None)
    return drafted if digest is None else replace(drafted, content_digest=digest, process_id=update.process_id)


def _update_happening(before: Definition, after: Definition, *, actor: str, at: datetime) -> tuple[Happening, ...]:
    fields = ("name", "description", "metadata", "version", "content_digest")
    changed = [name for name in fields if getattr(before, name) != getattr(after, name)]
    if not changed:
        return ()
    data = {"changed": changed, "name": after.name, "version": str(after.version), "status": after.status}
    return (Happening(type=EventType.DEFINITION_UPDATED, at=at, data=data, actor=actor),)


def _with_status(
    definition: Definition, status: DefinitionStatus, *, actor: str, at: datetime
) -> tuple[Definition, Happening]:
    if definition.status not in _BY_REQUEST.get(status, frozenset()):
        raise Conflict(
            f"A {definition.status} definition cannot become {status} by an update",
            current_status=definition.status,
            definition_id=definition.id,
        )
    publication = definition.publication and replace(definition.publication, deprecated=status is S.DEPRECATED)
    after = replace(definition, status=status, publication=publication)
    data = {"name": after.name, "version": str(after.version)}
    return after, Happening(type=_STATUS_EVENTS[status], at=at, data=data, actor=actor)


def validated(definition: Definition, result: ValidationResult, *, actor: str) -> Transition:
    """Store a validation; a draft becomes validated or a validated one draft again, as the result says.

    Raises:
        Conflict: archived.
    """
    refuse_archived(definition)
    status = definition.status
    if status in _DRAFTS:
        status = S.VALIDATED if result.is_valid else S.DRAFT
    after = replace(definition, status=status, validation=result, updated_at=result.timestamp)
    data = {
        "version": str(definition.version),
        "is_valid": result.is_valid,
        "errors": len(result.errors),
        "warnings": len(result.warnings),
    }
    return after, (Happening(type=EventType.DEFINITION_VALIDATED, at=result.timestamp, data=data, actor=actor),)


def is_published(definition: Definition) -> bool:
    """Tell whether publishing would change nothing."""
    publication = definition.publication
    return (
        definition.status is S.PUBLISHED
        and publication is not None
        and publication.version == definition.version
        and publication.content_digest == definition.content_digest
    )


def published(definition: Definition, publication: Publication, result: ValidationResult, *, actor: str) -> Transition:
    """The current version serves new instances from now on. A validation asked for before says more: it is kept."""
    at = publication.published_at
    known = definition.validation
    validation = known if known is not None and known.is_valid else result
    after = replace(definition, status=S.PUBLISHED, publication=publication, validation=validation, updated_at=at)
    data = {
        "name": definition.name,
        "version": str(publication.version),
        "state_machine_arn": publication.state_machine_arn,
    }
    return after, (Happening(type=EventType.DEFINITION_PUBLISHED, at=at, data=data, actor=actor),)


def deleted(definition: Definition, *, actor: str, at: datetime) -> Transition:
    """The definition is gone."""
    data = {"name": definition.name, "version": str(definition.version)}
    return definition, (Happening(type=EventType.DEFINITION_DELETED, at=at, data=data, actor=actor),)
