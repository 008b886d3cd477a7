"""Everything by its id and by its kind; a picture stays as it was taken."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kaoping.core.workflow.state import Things
from kaoping.core.workflow.taking import Progress, take
from kaoping.core.workflow.things import Section, Unit
from tests.core.workflow.stages import at_stage

_THINGS = st.one_of(
    st.builds(Unit, st.sampled_from("abcdef"), st.just("u"), st.text(max_size=2)),
    st.builds(Section, st.sampled_from("uvwxyz"), st.just("s"), st.text(max_size=2), st.none()),
)


@given(st.lists(st.tuples(_THINGS, st.booleans()), max_size=40))
def test_things_are_what_a_dictionary_would_hold_and_pictures_stay(steps):
    things, plain = Things(), {}
    pictures: list[tuple[Things, dict[str, object]]] = []
    for thing, is_shown in steps:
        things.put([thing])
        plain[thing.id] = thing
        if is_shown:
            pictures.append((things.picture(), dict(plain)))
    for shown, due in (*pictures, (things, plain)):
        assert dict(shown) == due
        assert len(shown) == len(due)
        assert all(key in shown for key in due)
        assert set(plain) - set(due) == {key for key in plain if key not in shown}
        assert list(shown.of(Unit)) == [one for one in due.values() if isinstance(one, Unit)]
        assert all(shown.find(type(one), key) is one for key, one in due.items())
        assert shown.find(Section, "a") is None


def test_what_is_put_into_a_picture_is_not_in_what_it_was_taken_of():
    things = Things([Unit("a", "A", "甲")])
    shown = things.picture()
    shown.put([Unit("a", "A", "改"), Unit("b", "B", "乙")])
    assert [one.name for one in things.of(Unit)] == ["甲"]
    assert "b" not in things
    assert things.get("b") is None
    things.put([Unit("c", "C", "丙")])
    assert "c" not in shown


def test_the_state_that_grows_and_the_states_that_follow_each_other_are_the_same():
    progress, state, pictures = Progress(), Progress().state, []
    for act in at_stage("opened").acts:
        progress.add(act, progress.judge(act))
        state = take(state, act)
        pictures.append((progress.picture(), state))
    for shown, due in pictures:
        plain = replace(shown, seen={}, kinds={})
        assert plain == replace(due, seen={}, kinds={})
        assert [shown.kinds[index] for index in range(shown.size)] == list(due.kinds.values())
