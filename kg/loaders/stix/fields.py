"""The fields of STIX objects: what each that is read must hold, and what is left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from kg.loaders.kit.typed import FLAG, OBJECT, OBJECTS, TEXT, TEXTS, Type
from kg.loaders.stix import times
from kg.loaders.stix.judged import FIELDS as JUDGED
from kg.loaders.stix.judged import judged
from kg.ontology import load

TIME = Type("a time such as 2017-05-12T00:00:00Z", lambda given: times.moment(given) is not None)
RATING = Type(
    "a whole number from 0 to 100, or a word of a scale of confidence, likelihood or the Admiralty",
    lambda given: judged(given, load()) is not None,
)
TIMES = ("created", "modified", "first_seen", "last_seen", "published", "start_time", "stop_time")
TYPES: Mapping[str, Type] = {
    **dict.fromkeys(("type", "id", "name", "created_by_ref", "identity_class", "country", "region",
                     "city", "administrative_area", "x_opencti_location_type", "relationship_type",
                     "source_ref", "target_ref", "description", "opinion", "explanation",
                     "content", "value", "x_mitre_version", "x_mitre_first_seen_citation",
                     "x_mitre_last_seen_citation"), TEXT),
    **dict.fromkeys(TIMES, TIME),
    **dict.fromkeys(("aliases", "x_mitre_aliases", "x_opencti_aliases", "x_mitre_platforms",
                     "object_refs", "object_marking_refs", "primary_motivation",
                     "secondary_motivations", "threat_actor_types"), TEXTS),
    **dict.fromkeys(("revoked", "x_mitre_deprecated"), FLAG),
    **dict.fromkeys(JUDGED, RATING),
    "external_references": OBJECTS._replace(inside=dict.fromkeys(
        ("source_name", "external_id", "url", "description"), TEXT)),
    "granular_markings": OBJECTS._replace(inside={"marking_ref": TEXT}),
    "kill_chain_phases": OBJECTS._replace(inside={"phase_name": TEXT}),
    "extensions": OBJECT,
}  # fmt: skip
"""The fields that are read, and what each holds."""

ENDS = ("relationship_type", "source_ref", "target_ref")
"""Without these a relationship says nothing."""

UNUSED = frozenset((
    "labels", "spec_version", "lang", "is_family", "defanged", "authors", "abstract", "context",
    "malware_types", "tool_types", "tool_version", "report_types", "incident_types",
    "infrastructure_types",
    "architecture_execution_envs", "implementation_languages", "capabilities",
    "operating_system_refs", "sample_refs", "objective", "goals", "resource_level", "roles",
    "sophistication", "personal_motivations", "sectors", "contact_information",
    "latitude", "longitude", "precision", "postal_code", "street_address",
    "x_mitre_attack_spec_version", "x_mitre_contributors", "x_mitre_detection",
    "x_mitre_domains", "x_mitre_impact_type", "x_mitre_is_subtechnique",
    "x_mitre_modified_by_ref", "x_mitre_remote_support", "x_mitre_tactic_type",
    "x_mitre_permissions_required", "x_mitre_effective_permissions", "x_mitre_data_sources",
    "x_mitre_detectable_by_common_defenses", "x_mitre_difficulty_for_adversary",
    "x_mitre_detectable_by_common_defenses_explanation", "x_mitre_old_attack_id",
    "x_mitre_difficulty_for_adversary_explanation",
    "x_mitre_defense_bypassed", "x_mitre_system_requirements", "x_mitre_network_requirements",
    "x_opencti_id", "x_opencti_files", "x_opencti_created_at", "x_opencti_updated_at",
    "x_opencti_order", "x_opencti_score", "x_opencti_stix_ids", "x_opencti_type",
))  # fmt: skip
"""Fields that were looked at and left out on purpose: bookkeeping, texts of others, and what we
have no property for."""

IN_PASSING = UNUSED | {"x_mitre_version", "object_marking_refs", "granular_markings", "extensions"}
"""In these two copies of one version of an object may differ: domains of ATT&CK do."""
