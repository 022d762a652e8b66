"""Links are led over us where a browser would follow them, and nothing else of the HTML changes by a byte."""

from html import unescape

import pytest

from drumbeat.domain.tracked_links import with_tracked_links


def over_us(address: str) -> str:
    return f"<{address}>"


def tracked(html: str) -> str:
    return unescape(with_tracked_links(html, over_us))


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ('<a href="https://a.example/">x</a>', '<a href="<https://a.example/>">x</a>'),
        ("<a href='https://a.example/'>x</a>", "<a href='<https://a.example/>'>x</a>"),
        ("<a href=https://a.example/>x</a>", "<a href=<https://a.example/>>x</a>"),
        ("<a href=https://a.example class=b>x</a>", "<a href=<https://a.example> class=b>x</a>"),
        ("<A\nclass=b\nHREF = 'http://a.example/'\n>x</A>", "<A\nclass=b\nHREF = '<http://a.example/>'\n>x</A>"),
        ('<p>\n\n\u00e4 <a title=">" href="https://a.example/">',
        '<p>\n\n\u00e4 <a title=">" href="<https://a.example/>">'),
        ('<area shape=rect href="https://a.example/"/>', '<area shape=rect href="<https://a.example/>"/>'),
        ('<a href=" https://a.example/ ">', '<a href="<https://a.example/>">'),
        ('<a href="https://a.example/?b=1&amp;c=%2F&#38;d&copy=2">',
        '<a href="<https://a.example/?b=1&c=%2F&d%C2%A9=2>">'),
        ('<a href="https://a.example/?b=1&c=2">', '<a href="<https://a.example/?b=1&c=2>">'),
        ('<a href="https://a.example/1" href="https://a.example/2">',
        '<a href="<https://a.example/1>" href="https://a.example/2">'),
        ("<a data-href='https://a.example/' href='https://b.example/'>",
        "<a data-href='https://a.example/' href='<https://b.example/>'>"),
    ],
)  # fmt: skip
def test_a_link_to_the_web_is_led_over_us(html, wanted):
    assert tracked(html) == wanted


@pytest.mark.parametrize(
    "html",
    [
        "",
        "plain",
        '<a href="mailto:a@b.example?subject=x">x</a>',
        '<a href="tel:+49">x</a>',
        '<a href="#end">x</a>',
        "<a>x</a>",
        "<a href>x</a>",
        '<a href="">x</a>',
        '<a name="https://a.example/">x</a>',
        '<a href="//a.example/">x</a>',
        '<a href="/path">x</a>',
        '<a href="https://u@a.example/">x</a>',
        '<a href="javascript:x">x</a>',
        '<!-- <a href="https://a.example/">x</a> -->',
        '<!--[if mso]><a href="https://a.example/">x</a><![endif]-->',
        '<style>a[href="https://a.example/"]{}</style>',
        "<script>\"<a href='https://a.example/'>\"</script>",
        '<img src="https://a.example/x.png">',
        '<link href="https://a.example/x.css">',
        '<base href="https://a.example/">',
        '<form action="https://a.example/">',
        "https://a.example/",
        '<p title="<a href=https://a.example/>">x</p>',
        '<a href="https://a.example/',
        "<a href='https://a.example/\" class=x>",
        "<abbr href='https://a.example/'>",
    ],
)
def test_everything_else_stays(html):
    assert with_tracked_links(html, over_us) == html


def test_what_is_not_to_be_tracked_stays_as_it_was_spelled():
    html = '<a href="https://a.example/?b=1&amp;c=2">x</a><a href="https://b.example/">y</a>'

    assert with_tracked_links(html, lambda address: None if "a.example" in address else "z") == (
        '<a href="https://a.example/?b=1&amp;c=2">x</a><a href="z">y</a>'
    )


def test_many_links_are_found_in_long_lines_and_short_ones():
    def page(address: str) -> str:
        parts = (f"<p>\r\n{'x' * (place % 7)}<a href={address % place}>\u00e4</a>\n</p>" for place in range(300))
        return "".join(parts)

    assert tracked(page("https://a.example/%d")) == page("<https://a.example/%d>")
