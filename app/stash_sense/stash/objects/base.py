"""What all objects of Stash have in common here."""

from pydantic import BaseModel, ConfigDict


class StashObject(BaseModel):
    """A frozen object; fields that Stash sends and that are not named here are passed over."""

    # Errors of validation end up in logs, and what Stash answers may hold the keys of stash-boxes.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Reference(StashObject):
    """The id of an object that is described elsewhere."""

    id: str


class StashID(StashObject):
    """What an object is called on a stash-box: the endpoint's address and the id (a UUID) there."""

    endpoint: str
    stash_id: str


class Studio(StashObject):
    """The studio of a scene."""

    id: str
    name: str
