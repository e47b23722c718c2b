"""Front matter that others wrote."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.reader import frontmatter
from generator.reader.frontmatter import (
    content_digest,
    in_the_form_of,
    merge_front_matter,
    read_front_matter,
    split_front_matter,
)

OURS = ("title", "videoId")
NEW = '---\ntitle: "Tides: ebb"\nvideoId: abc\n---\n\nFrom: [[c]] <br/> \n\nText.\n'
BODY = NEW.split("---\n")[2]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("---\na: b\n---\nText", "---\na: b\n---\n"),
        ("\ufeff---\r\na: b\r\n---\r\nText", "\ufeff---\r\na: b\r\n---\r\n"),
        ("---\ra: b\r---\rText", "---\ra: b\r---\r"),
        ("--- \na: b\n---\t", "--- \na: b\n---\t"),
        ("---\n---\nText", "---\n---\n"),
        ("---\na: b\n----\n", ""),
        ("---\na: b", ""),
        ("\n---\na: b\n---\n", ""),
        ("Text", ""),
        ("", ""),
    ],
)
def test_where_front_matter_ends(text: str, block: str) -> None:
    assert split_front_matter(text) == (block, text[len(block) :])


@given(st.text() | st.text(alphabet="-\r\n\ufeffa: #[]{}&*|>'\" \t?!%", max_size=60))
def test_any_text_is_read_and_kept(text: str) -> None:
    assert "".join(split_front_matter(text)) == text
    front = read_front_matter(f"---\n{text}\n---\n")
    assert front.error is None or not front.keys
    assert content_digest(text, OURS)


def test_values_are_the_text_that_stands_there() -> None:
    front = read_front_matter(
        "---\ntitle: 'it''s'\nvideoId: 1e100\ndate: 2001-02-30\nlist: [a, 2]\nmap:\n  k: ~\n"
        "empty:\n---\n"
    )
    assert {key.name: key.value for key in front.keys} == {
        "title": "it's",
        "videoId": "1e100",
        "date": "2001-02-30",
        "list": ["a", "2"],
        "map": {"k": "~"},
        "empty": "",
    }
    assert front.text("title") == "it's"
    assert front.text("list") == ""
    assert front.get("none") is None


def test_a_key_knows_its_place() -> None:
    text = "---\r\ntitle: Ebb\r\nlist:\r\n- a\r\n# mine\r\nz: 1\r\n---\r\n"
    front = read_front_matter(text)
    places = [text[key.start : key.end].rstrip() for key in front.keys]
    assert places == ["title: Ebb", "list:\r\n- a\r\n# mine", "z: 1"]


@pytest.mark.parametrize(
    "inner",
    [
        *("a: [", "\tb", "- a", "just text", "a: b: c", "x: \x07", "a: *b", '"\\UFFFFFFFF": a'),
        *("[" * 20_000, "a: " + "- " * 2_000 + "b", "a: " + "b" * 70_000),
    ],
)
def test_what_cannot_be_read_is_kept_with_its_error(inner: str) -> None:
    front = read_front_matter(f"---\n{inner}\n---\nText")
    assert front.block == f"---\n{inner}\n---\n"
    assert front.keys == ()
    assert front.error


def test_aliases_do_not_multiply() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = "---\n" + "\n".join(lines) + "\nloop: &l [*l]\n---\n"
    assert content_digest(text, [f"a{n}" for n in range(30)] + ["loop"])


def test_the_owners_keys_follow_ours_as_they_stand() -> None:
    existing = (
        "---\n# at the top\ntitle: Old\nmood: 'calm'  # really\nvideoId: abc\n# about the list\n"
        "nested:\n  - a: |\n      # no comment\n      text\n\n  - b\nlast: [1,\n  2]\n# the end\n"
        "---\nOld text."
    )
    assert merge_front_matter(NEW, existing, OURS) == (
        '---\ntitle: "Tides: ebb"\nvideoId: abc\n'
        "# at the top\nmood: 'calm'  # really\n# about the list\n"
        "nested:\n  - a: |\n      # no comment\n      text\n\n  - b\nlast: [1,\n  2]\n# the end\n"
        "---\n\nFrom: [[c]] <br/> \n\nText.\n"
    )


def test_windows_line_ends_and_flow_style() -> None:
    assert merge_front_matter(NEW, "---\r\ntitle: x\r\nmood: calm\r\n---\r\n", OURS) == (
        NEW.replace("videoId: abc\n", "videoId: abc\nmood: calm\n")
    )
    assert merge_front_matter(NEW, "---\n{title: x, mood: [a, b], z: 1}\n---\n", OURS) == (
        NEW.replace("videoId: abc\n", "videoId: abc\nmood: [a, b]\nz: 1\n")
    )


@pytest.mark.parametrize("existing", ["", "Text", "---\n---\n", "---\ntitle: a\n---\n"])
def test_nothing_to_keep(existing: str) -> None:
    assert merge_front_matter(NEW, existing, OURS) == NEW


@pytest.mark.parametrize(
    "existing",
    ["---\nmood: [\n---\n", "---\n- mood\n---\n", "---\ntitle: &t a\nmood: *t\n---\n"],
)
def test_what_cannot_be_kept_is_said(existing: str) -> None:
    with pytest.raises(ValueError, match=r"front matter|owner's keys"):
        merge_front_matter(NEW, existing, OURS)


@given(st.text(alphabet="ab: -#\n[]{}|'\",&*?!", max_size=40))
def test_a_merge_is_yaml_or_an_error(inner: str) -> None:
    try:
        merged = merge_front_matter(NEW, f"---\n{inner}\n---\n", OURS)
    except ValueError:
        return
    block, body = split_front_matter(merged)
    assert body == split_front_matter(NEW)[1]
    read = yaml.compose(block.strip().strip("-"), Loader=yaml.SafeLoader)
    names = [key.value for key, _ in read.value]
    assert names[:2] == ["title", "videoId"]


@pytest.mark.parametrize(
    "other",
    [
        NEW.replace("\n", "\r\n"),
        "\ufeff" + NEW,
        NEW.rstrip(),
        NEW + "\n \n",
        "---\nvideoId: 'abc'\n# mine\nmood: calm\ntitle: 'Tides: ebb'\n---\n"
        + NEW.split("---\n")[2],
    ],
)
def test_what_is_no_edit(other: str) -> None:
    assert content_digest(NEW, OURS) == content_digest(other, OURS)


@pytest.mark.parametrize(
    "other",
    [
        NEW.replace("Text", "Test"),
        NEW.replace("Text", " Text"),
        NEW.replace("ebb", "flow"),
        NEW.replace("videoId: abc\n", ""),
        BODY,
        NEW.replace("title: ", "title: ["),
    ],
)
def test_what_is_an_edit(other: str) -> None:
    assert content_digest(NEW, OURS) != content_digest(other, OURS)


def test_the_form_of_a_file_survives() -> None:
    assert in_the_form_of("\ufeffa\r\nb\r\n", "c\nd\n") == "\ufeffc\r\nd\r\n"
    assert in_the_form_of("a\nb", "c\nd\n") == "c\nd"
    assert in_the_form_of("", "c\nd\n") == "c\nd\n"


plain_lines = st.lists(
    st.sampled_from(["title", "videoId", "aliases", "published", "a-b"]).flatmap(
        lambda key: st.sampled_from(
            [
                f"{key}: Tides",
                f"{key}: 2024-02-29",
                f'{key}: "a: \\"b\\" # c"',
                f"{key}: 'it is'",
                f"{key}:",
                f'{key}:\n  - one\n  - "two: 2"',
                f"{key}: a#b",
                f"{key}: tides ",
                f"{key}: [a, b]",
                f"{key}: a # b",
                f"{key}: yes",
                f"{key}: |\n  text",
                f"{key}: ё",
                f"{key}: \u00a0x",
                f"{key}: a:b",
                f"{key}: - x",
                f"{key}: &a b",
                f"# {key}",
            ]
        )
    ),
    max_size=5,
)


@given(plain_lines)
def test_a_digest_is_the_same_with_a_yaml_parser_and_without(lines: list[str]):
    text = "---\n" + "".join(f"{line}\n" for line in lines) + "---\n\nText.\n"
    ours = ("title", "videoId", "aliases")
    quick = content_digest(text, ours)
    frontmatter._said.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frontmatter, "_plain", lambda block: None)
        assert content_digest(text, ours) == quick
    frontmatter._said.cache_clear()
