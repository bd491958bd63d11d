"""Long lists that change while they are read."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from stash_sense.stash.paging import Page, all_items


@dataclass(frozen=True)
class Thing:
    id: str


@given(
    st.integers(0, 30),
    st.integers(1, 7),
    st.lists(st.tuples(st.sets(st.integers(0, 29), max_size=8), st.integers(0, 3)), max_size=12),
)
async def test_what_is_there_throughout_is_read_exactly_once(
    count: int, per_page: int, changes: list[tuple[set[int], int]]
) -> None:
    """Things are deleted before the n-th page is read, or new ones come; not both, which no count shows."""
    things, waiting, deleted = list(range(count)), list(changes), set[int]()

    async def fetch(page: int, size: int) -> Page[Thing]:
        if waiting:
            gone, new = waiting.pop(0)
            gone &= set(things)
            things[:] = [thing for thing in things if thing not in gone]
            deleted.update(gone)
            if not gone:
                things.extend(range(1000 + len(things), 1000 + len(things) + new))
        start = (page - 1) * size
        return Page(tuple(Thing(str(thing)) for thing in things[start : start + size]), len(things))

    read = [int(thing.id) async for thing in all_items(fetch, per_page)]
    assert len(read) == len(set(read))
    assert set(read) >= set(range(count)) - deleted


async def test_an_empty_list_costs_one_page() -> None:
    asked: list[int] = []

    async def fetch(page: int, size: int) -> Page[Thing]:
        asked.append(page)
        return Page((), 0)

    assert [thing async for thing in all_items(fetch)] == []
    assert asked == [1]
