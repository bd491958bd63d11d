"""The shapes of the third table."""

from __future__ import annotations

from typing import Any

from tests.contract.shapes import Mapping

STATUS = {"pending", "dismissed", "resolved"}
RECOMMENDATION = {
    "id": int,
    "type": str,
    "status": STATUS,
    "target_type": str,
    "target_id": str,
    "details": dict,
    "confidence": (float, None),
    "created_at": str,
    "updated_at": str,
}
LISTING = {"recommendations": [RECOMMENDATION], "total": int}
COUNTS = {"counts": Mapping(Mapping(int)), "total_pending": int}
TYPES = {"types": [{"type": str, "enabled": bool, "description": str}]}
STARTED = {"run_id": int, "message": str}
RUN = {
    "id": int,
    "type": str,
    "status": {"running", "completed", "failed"},
    "started_at": str,
    "completed_at": (str, None),
    "items_total": (int, None),
    "items_processed": int,
    "recommendations_created": int,
    "error_message": (str, None),
}
STASH_STATUS = {"connected": bool, "url": (str, None), "error": (str, None)}
FINGERPRINTS = {
    "total_fingerprints": int,
    "complete_fingerprints": int,
    "pending_fingerprints": int,
    "error_fingerprints": int,
    "current_db_version": (str, None),
    "current_version_count": int,
    "needs_refresh_count": int,
    "generation_running": bool,
    "generation_progress": (dict, None),
}
PROGRESS = {
    "status": {"idle", "running", "stopping", "paused", "completed", "error"},
    "total_scenes": int,
    "processed_scenes": int,
    "successful": int,
    "failed": int,
    "skipped": int,
    "progress_pct": float,
    "current_scene_id": (str, None),
    "current_scene_title": (str, None),
    "error_message": (str, None),
}
FIELD_CONFIG = {"endpoint": str, "fields": Mapping({"enabled": bool, "label": str})}

# What the plugin's pages read in `details`, by analysis.
DETAILS: dict[str, dict[str, Any]] = {
    "duplicate_performer": {
        "endpoint": str,
        "stash_id": str,
        "suggested_keeper_id": str,
        "performers": [
            {
                "id": str,
                "name": str,
                "scene_count": int,
                "image_count": int,
                "gallery_count": int,
                "total_content": int,
                "is_suggested_keeper": bool,
                "image_path": (str, None),
            }
        ],
    },
    "duplicate_scene_files": {
        "scene_title": (str, None),
        "files": [
            {
                "id": str,
                "path": str,
                "basename": str,
                "size": int,
                "size_formatted": str,
                "duration": float,
                "duration_formatted": str,
                "video_codec": str,
                "audio_codec": str,
                "width": int,
                "height": int,
                "resolution": str,
                "frame_rate": float,
                "bit_rate": int,
                "quality_score": float,
                "is_suggested_keeper": bool,
            }
        ],
        "suggested_keeper_id": str,
        "total_size": int,
        "total_size_formatted": str,
        "potential_savings": int,
        "potential_savings_formatted": str,
        "performers": [{"id": str, "name": str}],
        "studio": Any,
    },
    "duplicate_scenes": {
        "scene_b_id": str,
        "confidence": float,
        "reasoning": [str],
        "signal_breakdown": {
            "stashbox_match": bool,
            "stashbox_endpoint": (str, None),
            "face_score": float,
            "face_reasoning": Any,
            "metadata_score": float,
            "metadata_reasoning": Any,
        },
    },
    "upstream_performer_changes": {
        "endpoint": str,
        "endpoint_name": str,
        "stash_box_id": str,
        "performer_id": str,
        "performer_name": str,
        "performer_image_path": (str, None),
        "upstream_updated_at": (str, None),
        "changes": [
            {
                "field": str,
                "field_label": str,
                "local_value": Any,
                "upstream_value": Any,
                "previous_upstream_value": Any,
                "merge_type": {"simple", "text", "name", "alias_list"},
            }
        ],
    },
}
UPSTREAM_FIELDS = {
    *("name", "disambiguation", "aliases", "gender", "birthdate", "death_date", "ethnicity", "country"),
    *("eye_color", "hair_color", "height", "cup_size", "band_size", "waist_size", "hip_size", "breast_type"),
    *("tattoos", "piercings", "career_start_year", "career_end_year", "urls", "details", "favorite"),
}
