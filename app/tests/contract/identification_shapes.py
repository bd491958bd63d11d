"""The shapes of the second table."""

from __future__ import annotations

MATCH = {
    "stashdb_id": str,
    "name": str,
    "confidence": float,
    "distance": float,
    "facenet_distance": float,
    "arcface_distance": float,
    "country": (str, None),
    "image_url": (str, None),
    "already_tagged": bool,
}
BOX = {"x": int, "y": int, "width": int, "height": int, "confidence": float}
FACES = {"faces": [{"box": BOX, "matches": [MATCH]}], "face_count": int}
GALLERY_PERFORMER = {
    "performer_id": str,
    "name": str,
    "best_distance": float,
    "avg_distance": float,
    "confidence": float,
    "image_count": int,
    "image_ids": [str],
    "country": (str, None),
    "image_url": (str, None),
}
GALLERY = {
    "gallery_id": str,
    "total_images": int,
    "images_processed": int,
    "faces_detected": int,
    "performers": [GALLERY_PERFORMER],
    "errors": [str],
}
TIMING = dict.fromkeys(
    (
        "total_ms",
        "extraction_ms",
        "detection_ms",
        "embedding_ms",
        "recognition_ms",
        "matching_ms",
        "face_loop_ms",
    ),
    float,
)
SCENE = {
    "scene_id": str,
    "frames_analyzed": int,
    "frames_requested": int,
    "faces_detected": int,
    "faces_after_filter": int,
    "persons": [{"person_id": int, "frame_count": int, "best_match": (dict, None), "all_matches": [MATCH]}],
    "errors": [str],
    "fingerprint_saved": bool,
    "fingerprint_error": (str, None),
    "timing": TIMING,
}
