from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stash_sense.signals.body import messages
from stash_sense.signals.body.messages import Kind
from stash_sense.signals.body.pose import LANDMARKS, Pose

numbers = st.floats(width=32, allow_nan=False)
poses = st.builds(
    Pose,
    arrays(np.float32, (LANDMARKS, 2), elements=numbers),
    arrays(np.float32, LANDMARKS, elements=numbers),
)


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3))))
def test_a_frame_arrives_as_it_was_sent_even_one_that_is_not_contiguous(image: np.ndarray) -> None:
    pipe = io.BytesIO()
    messages.write_frame(pipe, image[:, ::-1])
    messages.write_frame(pipe, image)
    pipe.seek(0)
    first, second = messages.read_frame(pipe), messages.read_frame(pipe)
    assert first is not None
    assert second is not None
    assert (first == image[:, ::-1]).all()
    assert (second == image).all()
    assert messages.read_frame(pipe) is None


@given(st.lists(poses, max_size=4))
def test_poses_arrive_as_they_were_sent(sent: list[Pose]) -> None:
    pipe = io.BytesIO()
    messages.write_answer(pipe, Kind.POSES, messages.pack_poses(sent))
    pipe.seek(0)
    kind, payload = messages.read_answer(pipe)
    assert kind is Kind.POSES
    arrived = messages.unpack_poses(payload)
    assert len(arrived) == len(sent)
    for one, two in zip(sent, arrived, strict=True):
        assert (one.points == two.points).all()
        assert (one.visibility == two.visibility).all()


@pytest.mark.parametrize("kept", [0, 3, 8, 20])
def test_a_message_that_breaks_off_is_the_end(kept: int) -> None:
    frame, answer = io.BytesIO(), io.BytesIO()
    messages.write_frame(frame, np.zeros((4, 4, 3), np.uint8))
    messages.write_answer(answer, Kind.ERROR, b"a reason of some length")
    assert messages.read_frame(io.BytesIO(frame.getvalue()[:kept])) is None
    with pytest.raises(EOFError):
        messages.read_answer(io.BytesIO(answer.getvalue()[:kept]))
