"""The GraphQL documents: one file per operation, variables only, and one per fragment that several share."""

import re
from collections.abc import Iterator, Mapping
from importlib import resources

_SUFFIX = ".graphql"
_SPREAD = re.compile(r"\.\.\.([A-Z]\w*)")
_BEFORE_URLS = {"performer_links": "performer_links_before_0_27"}


def load_documents(*, performer_urls: bool = True) -> Mapping[str, str]:
    """All operations of the package, complete with their fragments, by file name without its suffix.

    `performer_urls`: whether Stash has a list of addresses for a performer; it has since 0.27.
    """
    fragments = dict(_files("fragments"))
    for name, earlier in _BEFORE_URLS.items():
        text = fragments.pop(earlier)
        if not performer_urls:
            fragments[name] = text
    return {name: _complete(text, fragments) for name, text in _files()}


def _files(*folder: str) -> Iterator[tuple[str, str]]:
    for file in resources.files("stash_sense.stash").joinpath("graphql", *folder).iterdir():
        if file.name.endswith(_SUFFIX):
            yield file.name.removesuffix(_SUFFIX), file.read_text(encoding="utf-8")


def _complete(text: str, fragments: Mapping[str, str]) -> str:
    """`text` with every fragment that it spreads, directly or through another."""
    names = list(dict.fromkeys(_SPREAD.findall(text)))
    for name in names:
        text += fragments[_file_name(name)]
        names += [other for other in dict.fromkeys(_SPREAD.findall(text)) if other not in names]
    return text


def _file_name(fragment: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fragment).lower()
