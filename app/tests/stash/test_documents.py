"""The GraphQL documents that are sent."""

import pytest
from graphql import OperationDefinitionNode, StringValueNode, Visitor, build_schema, parse, validate, visit

from stash_sense.stash.documents import load_documents
from tests.support.stash_server import SCHEMA_TEXT

DOCUMENTS = load_documents()


def test_there_is_one_for_every_call() -> None:
    assert set(DOCUMENTS) >= {"find_image", "version"}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_fits_stash_s_schema(name: str) -> None:
    assert validate(build_schema(SCHEMA_TEXT), parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_holds_one_operation_named_like_its_file(name: str) -> None:
    (operation,) = parse(DOCUMENTS[name]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    assert operation.name.value == name.title().replace("_", "")


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_values_come_in_as_variables_only(name: str) -> None:
    pasted: list[str] = []

    class Strings(Visitor):
        def enter_string_value(self, node: StringValueNode, *_: object) -> None:
            pasted.append(node.value)

    visit(parse(DOCUMENTS[name]), Strings())
    assert pasted == []
