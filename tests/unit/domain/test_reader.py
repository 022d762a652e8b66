"""Machines that look at mails are told from humans, by what they say, how they ask, and when."""

import pytest

from drumbeat.domain.reader import Look, is_too_soon

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
HUMANS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/131.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    # Outlook on a desk, which asks for pictures itself when its user wants them.
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Outlook-iOS/729.2445.0 (4.2445.0)",
    # Gmail and Yahoo ask for pictures when somebody opens the mail.
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    f"Mozilla/5.0 (Linux; Android 14; CUBOT X90) {WEBKIT} Chrome/130.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 13; CUBOT) {WEBKIT} Chrome/130.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WEBKIT} Mobile/15E148 [FBAN/FBIOS;FBAV/488.0.0]",
    "Roundcube Webmail/1.6.9",
    "Zimbra/9.0",
]
MACHINES = [
    "",
    "   ",
    # Apple's privacy protection loads everything, whoever opens what.
    "Mozilla/5.0",
    # Gmail before anybody has opened the mail.
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (compatible; BarracudaCentral/1.0)",
    "Mimecast-URL-Protect",
    "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Microsoft-SafeLinks/1.0",
    "Cisco-IronPort-ESA",
    "FireEye-ETP/1.0",
    "Symantec.cloud MessageLabs",
    "Trend Micro WTP Add-On",
    "TrendMicro-SA",
    "FortiMail/7.2",
    "Zscaler/6.2",
    "Sophos Email Appliance",
    "SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    f"Mozilla/5.0 (Windows NT 6.1; WOW64) {WEBKIT} Chrome/116.0.1938.76 Safari/537.36 BingPreview/1.0b",
    "Microsoft Office Existence Discovery",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)",
    "TelegramBot (like TwitterBot)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.24.6 A",
    "LinkedInBot/1.0",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36",
    "curl/8.9.1",
    "Wget/1.24.5",
    "python-requests/2.32.3",
    "Python/3.12 aiohttp/3.9.5",
    "Go-http-client/2.0",
    "Java/17.0.11",
    "Apache-HttpClient/5.3 (Java/17)",
    "Amazon CloudFront",
    "AHC/2.1",
    "node-fetch/1.0",
    "URLScanner/2.0",
    "Some Link Checker",
    "acme crawler",
]


@pytest.mark.parametrize("user_agent", HUMANS)
def test_what_people_read_mail_with_is_human(user_agent):
    assert not Look(0, user_agent=user_agent).is_by_machine


@pytest.mark.parametrize("user_agent", MACHINES)
def test_what_scans_previews_or_fetches_is_a_machine(user_agent):
    assert Look(0, user_agent=user_agent).is_by_machine


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "preview", "prefetch;anonymous-client-ip"])
def test_a_look_ahead_is_a_machine_s_whoever_asks(purpose):
    assert Look(0, user_agent=HUMANS[0], purpose=purpose).is_by_machine


def test_a_question_by_head_is_a_machine_s():
    assert Look(0, "HEAD", HUMANS[0]).is_by_machine
    assert Look(0, "HEAD", HUMANS[10]).is_by_machine


@pytest.mark.parametrize(
    ("after", "too_soon"), [(-1, False), (0, True), (1_999, True), (2_000, False), (86_400_000, False)]
)
def test_nobody_has_read_a_mail_within_two_seconds(after, too_soon):
    assert is_too_soon(Look(1_000_000 + after), 1_000_000) is too_soon


def test_where_nobody_knows_when_the_mail_left_nothing_is_too_soon():
    assert not is_too_soon(Look(0), None)
