"""A vault made to do harm becomes a site that shows it, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.site.vaults import Elements, built, cited, contents, write

pytestmark = pytest.mark.usefixtures("no_index")

SCRIPT = "<script>alert(1)</script>"
BREAK_OUT = "</script></title></textarea><!--<script>alert(1)//"
BODIES = [
    SCRIPT,
    BREAK_OUT,
    '<img src=x onerror="alert(1)"><svg onload=alert(1)><style>body{display:none}</style>',
    "[x](javascript:alert(1)) [y](data:text/html,<script>) ![z](https://evil.example/z.png)",
    '<a class="yt-timestamp" data-t="00:00:10" onclick="alert(1)" href="javascript:x">[10]</a>',
    '<a class="yt-timestamp" data-t=\'"><script>alert(1)</script>\'>[x]</a>',
    '<div id="evidence">{"lines":[]}</div><form action=https://evil.example><input name=q>',
    f"## evidence\n\n## graph-data\n\n## {SCRIPT}\n\n## text\n\n<h1 id=search>",
    f'[[../../../etc/passwd | up]] [[{SCRIPT}]] [[x" onclick="y | {BREAK_OUT}]] [[javascript:x]]',
    f'[[two | " onmouseover=alert(1) x="]] {cited("00:00:01")} [[#"><script>]] [[two#"><b>]]',
    "{{ 7*7 }} {% include '/etc/passwd' %} \x02 0 \x03 \x04 \u2028 \u2029",
    "$\\href{javascript:alert(1)}{x}$ $$<script>$$ `<script>`\n\n    <script>\n\n```html\n<script>",
    "<meta http-equiv=refresh content=0;url=https://evil.example><base href=//evil.example>",
]
TITLES = [
    SCRIPT,
    BREAK_OUT,
    '" onload="alert(1)',
    "a\u202eb\x1b[31m",
    "{{ 7*7 }}",
    "'; --",
    "&lt;b",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    files: dict[str, str | bytes] = {"lamps/two.md": "---\ntitle: Two\nvideoId: v\n---\nText."}
    for number, body in enumerate(BODIES):
        title = json.dumps(TITLES[number % len(TITLES)])
        files[f"lamps/n{number}.md"] = (
            f"---\ntitle: {title}\nvideoId: HostileVid{number % 10}\naliases: [{title}, 3, [x]]\n"
            f"url: javascript:alert(1)\npublished: {title}\n---\n\n{body}\n\n[[two]] {body}\n"
        )
        files[f"texts/t{number}.md"] = f"---\ntitle: {title}\n---\n{body}\n\n[[n{number}]]"
    names = ["<b>.md", "a&b.md", '"q".md', "graph.md", "..a.md", "javascript:x.md", "-.md"]
    for name in names:
        files[f"lamps/{name}"] = f"---\ntitle: T\nvideoId: HostileVid1\n---\n{SCRIPT}"
    files["<i>/x.md"] = f"---\ntitle: T\nvideoId: {json.dumps(BREAK_OUT)}\n---\nx"
    files["lamps/lamps.md"] = (
        f"---\ntitle: {json.dumps(BREAK_OUT)}\n---\n"
        f"### [{SCRIPT}](javascript:alert(1))\n- [[n1 | {SCRIPT}]]\n- [[../../x]]\n"
        "### [V](https://www.youtube.com/watch?v=../../../x)\n- [[two]]\n"
    )
    files["types.md"] = "---\ntitle: [1, {a: b}]\nvideoId: {a: b}\naliases: {a: b}\n---\ntext"
    files["broken.md"] = "---\ntitle: 'unclosed\nvideoId: \"x\n---\ntext"
    vault = write(folder / "vault", files)
    built(vault, folder / "site", title=BREAK_OUT, base_url="https://lamps.example/", math=True)
    return folder


@pytest.fixture
def hostile(root: Path) -> Path:
    return root / "site"


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 2 * len(BODIES)
    return found


def test_no_element_of_a_note_is_made(hostile: Path) -> None:
    for path in pages(hostile):
        page = Elements(path)
        for attrs in page.of("script"):
            data = attrs.get("type") == "application/json"
            assert data or re.match(r"(\.\./)*/?assets/\w+\.js\?v=", attrs["src"]), path
        tags = {tag for tag, _ in page.found}
        assert not tags & {"iframe", "object", "embed", "form", "img", "style", "base", "textarea"}
        assert len(page.of("h1")) == 1, path


def test_no_attribute_runs_loads_or_styles_anything(hostile: Path) -> None:
    for path in pages(hostile):
        for tag, attrs in Elements(path).found:
            assert not any(name.startswith("on") or name == "style" for name in attrs), path
            href = attrs.get("href", "")
            scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", href)
            assert scheme is None or scheme[1] in {"http", "https", "mailto"}, (path, href)
            assert not href.startswith(("//", "\\")), path
            if tag in {"link", "script"} and attrs.get("rel") != "canonical":
                assert "//" not in attrs.get("href", "") + attrs.get("src", ""), path


def test_no_id_of_a_note_is_one_of_ours(hostile: Path) -> None:
    for path in pages(hostile):
        ids = [attrs["id"] for _, attrs in Elements(path).found if "id" in attrs]
        assert len(ids) == len(set(ids)), path
        article = path.read_text().partition("<article")[2].partition("</article>")[0]
        for name in re.findall(r'\bid="([^"]*)"', article):
            assert re.match(r"[sch]-", name), (path, name)


def test_data_in_pages_is_json_that_ends_where_it_should(hostile: Path) -> None:
    blocks = 0
    for path in pages(hostile):
        for block in re.findall(
            r'<script type="application/json"[^>]*>(.*?)</script>', path.read_text(), re.DOTALL
        ):
            assert json.loads(block)
            assert not set(block) & set("<>&\u2028\u2029")
            blocks += 1
    assert blocks


def test_all_policies_are_as_strict_as_they_can_be(hostile: Path) -> None:
    for path in pages(hostile):
        page = Elements(path)
        (policy,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
        rules = dict(rule.strip().split(" ", 1) for rule in policy["content"].split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        has_video = bool(page.of("section", class_="video"))
        assert ("https://www.youtube.com" in rules["script-src"]) == has_video
        assert ("frame-src" in rules) == has_video
        assert "unsafe-inline" not in policy["content"]
        assert rules["connect-src"] == rules["img-src"] == rules["style-src"] == "'self'"


def test_nothing_is_written_outside_the_site(root: Path, hostile: Path) -> None:
    assert {path.name for path in root.iterdir()} == {"vault", "site"}
    assert all(not place.startswith(("/", "..")) for place in contents(hostile))


def test_titles_are_shown_as_they_are_without_what_hides_in_them(hostile: Path) -> None:
    titles = {
        Elements(path).of("meta", property="og:title")[0]["content"] for path in pages(hostile)
    }
    assert {SCRIPT, BREAK_OUT, '" onload="alert(1)', "{{ 7*7 }}", "ab[31m"} <= titles


def test_feeds_and_sitemap_are_well_formed(hostile: Path) -> None:
    for path in (*hostile.rglob("*.xml"),):
        ElementTree.parse(path)
    assert (hostile / "sitemap.xml").exists()


def test_front_matter_of_any_type_is_read(hostile: Path) -> None:
    assert (hostile / "types.html").exists()
    assert (hostile / "broken.html").exists()
