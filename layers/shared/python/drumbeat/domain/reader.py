"""Who looks at a mail: a human being, or a machine that loads what is in it for reasons of its own.

Nobody can know for certain, and both kinds are kept. What is doubtful counts as human: a machine that is taken for a
human makes a number too high, a human that is taken for a machine is lost to whoever waits for a sign of life.
"""

import re
from dataclasses import dataclass

from drumbeat.domain.times import SECOND

NO_HUMAN_WITHIN = 2 * SECOND
"""How long after a server has accepted a mail nobody has read it: what loads sooner scans it."""

# Gmail and Yahoo load pictures when somebody opens the mail, though by a server of theirs: that is a human's doing.
_LOADS_FOR_HUMANS = re.compile(r"GoogleImageProxy|YahooMailProxy")

# Apple's proxy loads every picture of every mail, opened or not, and says just this.
_APPLE = "Mozilla/5.0"

_SCANNERS = (
    "barracuda", "mimecast", "proofpoint", "urldefense", "safelinks", "ironport", "fireeye", "trellix", "mcafee",
    "sophos", "symantec", "messagelabs", "forcepoint", "trend ?micro", "fortimail", "fortiguard", "zscaler", "avanan",
    "checkpoint", "kaspersky", "bitdefender", "cloudmark", "vadesecure", "hornetsecurity", "spamtitan", "mailguard",
    "virustotal", "urlscan", "phishtank", "sentinelone", "crowdstrike", "paloalto", "expanse", "netcraft",
    "safebrowsing",
)  # fmt: skip
_PREVIEWS = (
    "facebookexternalhit", "whatsapp", "skypeuripreview", "bingpreview", "slack-imgproxy", "embedly", "iframely",
    "google-pagerenderer", "google-read-aloud", "googleother", "google-safety", "mediapartners", "feedfetcher",
    "microsoft office existence discovery", "microsoft office protocol discovery", "microsoft url control",
    # Gmail's look at pictures before anybody has opened the mail: a browser that nobody has any more.
    r"edge/12\.246",
)  # fmt: skip
_TOOLS = (
    "curl/", "wget/", "python", "aiohttp", "httpx/", "go-http-client", "java/", "apache-httpclient", "libwww",
    "node-fetch", "axios/", "undici", "ruby", "faraday", "guzzlehttp", "php/", "postmanruntime", "headless",
    "phantomjs", "puppeteer", "playwright", "selenium", "amazon cloudfront", "ahc/",
)  # fmt: skip
_ANY_MACHINE = (
    r"(?<!cu)bot\b",  # Cubot makes telephones
    "crawl", "spider", r"scan(?:ner)?\b", "preview", "prefetch", "validator", "checker", "monitor",
)  # fmt: skip
_MACHINE = re.compile("|".join((*_SCANNERS, *_PREVIEWS, *_TOOLS, *_ANY_MACHINE)), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """One request for a mail's picture or link: when, how, and what asked for it said about itself and its purpose."""

    at: int
    method: str = "GET"
    user_agent: str = ""
    purpose: str = ""

    @property
    def is_by_machine(self) -> bool:
        """Whether the request itself shows it: a name that machines go by, or none; a HEAD; a look ahead."""
        name = self.user_agent.strip()
        if self.method == "HEAD" or "prefetch" in self.purpose or "preview" in self.purpose:
            return True
        if _LOADS_FOR_HUMANS.search(name):
            return False
        return name in {"", _APPLE} or _MACHINE.search(name) is not None


def is_too_soon(look: Look, accepted_at: int | None) -> bool:
    """Whether it came so soon after the mail was accepted that nobody can have read it; no, where that is not known."""
    return accepted_at is not None and 0 <= look.at - accepted_at < NO_HUMAN_WITHIN
