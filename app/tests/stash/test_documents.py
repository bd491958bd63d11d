"""The GraphQL documents that are sent."""

import pytest
from graphql import OperationDefinitionNode, StringValueNode, Visitor, build_schema, parse, validate, visit

from stash_sense.stash.documents import load_documents
from tests.support.stash_schema import SCHEMA_TEXT, without_performer_urls

DOCUMENTS = load_documents()


def test_there_is_one_for_every_call() -> None:
    assert set(DOCUMENTS) >= {"find_image", "find_scenes", "performer_update", "stash_boxes", "version"}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_fits_stash_s_schema(name: str) -> None:
    assert validate(build_schema(SCHEMA_TEXT), parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_in_its_earlier_form_fits_the_schema_before_0_27(name: str) -> None:
    earlier = load_documents(performer_urls=False)
    assert earlier.keys() == DOCUMENTS.keys()
    assert validate(build_schema(without_performer_urls(SCHEMA_TEXT)), parse(earlier[name])) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_holds_one_operation_with_one_root_field_and_is_named_like_its_file(name: str) -> None:
    definitions = parse(DOCUMENTS[name]).definitions
    (operation,) = (part for part in definitions if isinstance(part, OperationDefinitionNode))
    assert operation.name is not None
    assert operation.name.value == name.title().replace("_", "")
    assert len(operation.selection_set.selections) == 1


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_values_come_in_as_variables_only(name: str) -> None:
    pasted: list[str] = []

    class Strings(Visitor):
        def enter_string_value(self, node: StringValueNode, *_: object) -> None:
            pasted.append(node.value)

    visit(parse(DOCUMENTS[name]), Strings())
    assert pasted == []
