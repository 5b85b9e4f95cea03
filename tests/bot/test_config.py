"""A configuration is read whole or refused with every fault in it, in sentences."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.account_tables import TelegramTable, TwilioTable
from bot.config import Settings
from bot.config_reading import SECTIONS, catalog_languages, load
from core.council import Advice, Council, Emergency, Retention
from core.errors import BadConfiguration
from tests.bot.configured import BOT, COUNCIL, SMALLEST, TOKEN, WEB, faults_of, understood


def test_a_small_configuration_has_defaults_for_the_rest():
    settings = understood(SMALLEST)

    assert settings.http.port == 8080
    assert settings.data.folder == Path("data")
    assert settings.talk.quiet_seconds == 20
    assert settings.council("graz").answer_days == 14
    assert [account.council for account in settings.accounts_of("web")] == ["graz"]
    assert settings.database_url is None


@pytest.mark.parametrize(
    ("label", "text", "fault"),
    [
        ("a typo in a setting", f"[http]\nprot = 1\n{SMALLEST}", 'http.prot: there is no such setting; did you mean "port"?'),
        ("a typo in a section", f"[htpp]\nport = 1\n{SMALLEST}", 'htpp: there is no such section; did you mean "http"?'),
        ("a setting above its section", f"port = 9000\n{SMALLEST}", "port: there is no such section; did you mean port? It belongs below [http]."),
        ("a section that is a number", f"http = 3\n{SMALLEST}", "http: must be a table of names and values; it is 3."),
        ("text for a number", f'[http]\nport = "8080"\n{SMALLEST}', 'http.port: must be a whole number, without quotes; it is "8080".'),
        ("yes for a number", f"[http]\nport = true\n{SMALLEST}", "http.port: must be a whole number, without quotes; it is true."),
        ("a broken number", f"[http]\nport = 80.5\n{SMALLEST}", "http.port: must be a whole number, without quotes; it is 80.5."),
        ("no such port", f"[http]\nport = 70000\n{SMALLEST}", "http.port: must be at most 65535; it is 70000."),
        ("a sum that is none", f'[translation]\nsha256 = {{ "es_en-1.0" = "abc" }}\n{SMALLEST}', 'translation.sha256: the sum of "es_en-1.0" must be 64 of the digits 0-9 and a-f.'),
        ("no such engine", f'[translation]\nengine = "argo"\n{SMALLEST}', 'translation.engine: must be "off" or "argos"; it is "argo"; did you mean "argos"?'),
        ("a port below zero", f"[http]\nport = -1\n{SMALLEST}", "http.port: must be at least 0; it is -1."),
        ("a number without end", f"[talk]\nlate_hours = {'9' * 60}\n{SMALLEST}", f"talk.late_hours: must be at most 720; it is {'9' * 40}...."),
        ("no host", f'[http]\nhost = ""\n{SMALLEST}', 'http.host: must not be empty; it is "".'),
        ("an address without scheme", f'[http]\npublic_url = "bell.example.org"\n{SMALLEST}', 'http.public_url: must be a web address such as "https://bell.example.org", with no password and no "?".'),
        ("one text where a list belongs", f'[http]\ntrusted_proxies = "::1"\n{SMALLEST}', 'http.trusted_proxies: must be a list, in square brackets; it is "::1".'),
        ("no network", f'[http]\ntrusted_proxies = ["10.0.0.1/8"]\n{SMALLEST}', 'http.trusted_proxies[0]: must be an address or a network such as "10.0.0.0/8"; it is "10.0.0.1/8".'),
        ("here as data folder", f'[data]\nfolder = ""\n{SMALLEST}', "data.folder: must be the path of a folder or a file of its own."),
        ("a number as path", f"[data]\nfolder = 3\n{SMALLEST}", "data.folder: must be text in quotes; it is 3."),
        ("a choice there is not", f'[log]\nformat = "jsno"\n{SMALLEST}', 'log.format: must be "console" or "json"; it is "jsno"; did you mean "json"?'),
        ("an unknown channel", COUNCIL + WEB.replace('"web"\n', '"webb"\n'), 'accounts[0].channel ("webb"): must be "telegram" or "web" or "terminal" or "sms" or "whatsapp"; it is "webb"; did you mean "web"?'),
        ("a second page", SMALLEST + WEB.replace('"web"\n', '"two"\n', 1), 'accounts[1] ("two"): there is one page, and accounts[0] has it. Leave this one out; the people of another council come by a link of their own, /chat?council=KEY.'),
        ("no councils", WEB, "There is no [[councils]] yet; at least one is needed. See config.example.toml."),
        ("no accounts", COUNCIL, "There is no [[accounts]] yet; at least one is needed. See config.example.toml."),
        ("one bracket too few", SMALLEST.replace("[[councils]]", "[councils]"), "councils: must be written with two brackets: [[councils]]."),
        ("a key with capitals", SMALLEST.replace('"graz"', '"Graz"'), 'councils[0].key: must be 1 to 32 of the characters a-z, 0-9, - and _; it is "Graz".'),
        ("no name", SMALLEST.replace('name = "Graz"', 'name = " "'), 'councils[0].name ("graz"): must not be empty.'),
        ("a setting that is missing", SMALLEST.replace('prefix = "GRZ"', ""), 'councils[0].prefix ("graz"): is missing; for example: prefix = "GRZ"'),
        ("a prefix of digits", SMALLEST.replace('"GRZ"', '"G1"'), 'councils[0].prefix ("graz"): must be two to four capital letters from A to Z; it is "G1".'),
        ("a town for a time zone", SMALLEST.replace("Europe/Vienna", "Europe/Wien"), 'councils[0].time_zone ("graz"): there is no time zone "Europe/Wien"; did you mean "Europe/Vienna"?'),
        ("a time zone from elsewhere", SMALLEST.replace("Europe/Vienna", "../../etc/passwd"), 'councils[0].time_zone ("graz"): there is no time zone "../../etc/passwd"; for example: "Europe/Vienna".'),
        ("a folder of time zones", SMALLEST.replace("Europe/Vienna", "Europe"), 'councils[0].time_zone ("graz"): there is no time zone "Europe"; did you mean "Europe/Rome"?'),
        ("a language without catalog", SMALLEST.replace('"de", "en"]', '"de", "sr_latn"]'), ('councils[0].languages[1] ("graz"): there is no catalog for "sr_latn"; did you mean "sr-Latn"? There are: ar, de, en, es, sl, sr-Latn, uk.')),
        ("a language twice", SMALLEST.replace('"de", "en"]', '"de", "de"]'), 'councils[0].languages ("graz"): "de" stands there 2 times.'),
        ("no languages", SMALLEST.replace('["de", "en"]', "[]"), 'councils[0].languages ("graz"): must not be an empty list.'),
        ("a language's name for its tag", SMALLEST.replace('working_languages = ["de"]', 'working_languages = ["German"]'), 'councils[0].working_languages[0] ("graz"): must be a language tag such as "de" or "sr-Latn"; it is "German".'),
        ("no working languages", SMALLEST.replace('working_languages = ["de"]', "working_languages = []"), 'councils[0].working_languages ("graz"): must not be an empty list.'),
        ("no topics", f"{COUNCIL}topics = []{WEB}", 'councils[0].topics ("graz"): must not be an empty list.'),
        ("a topic with a typo", f'{COUNCIL}topics = ["housng"]{WEB}', ('councils[0].topics[0] ("graz"): we have no words for "housng"; did you mean "housing"? A topic of your own needs them in topic_labels.housng.')),
        ("a topic nobody can press", f'{COUNCIL}topics = ["a:b"]{WEB}', 'councils[0].topics[0] ("graz"): must be 1 to 32 of the characters a-z, 0-9 and _; it is "a:b".'),
        ("words for a topic that is not chosen", f'{COUNCIL}topics = ["work"]\ntopic_labels = {{works = {{de = "x", en = "y"}}}}{WEB}', 'councils[0].topic_labels.works ("graz"): is not among the topics; did you mean "work"?'),
        ("a topic of their own, in half of the languages", f'{COUNCIL}topics = ["parks"]\ntopic_labels = {{parks = {{de = "Parks"}}}}{WEB}', 'councils[0].topic_labels.parks ("graz"): has no words in: en.'),
        (
            "words in a language nobody speaks here",
            f'{COUNCIL}emergency = [{{number = "112", label = {{de = "a", en = "b", enn = "c"}}}}]{WEB}',
            'councils[0].emergency[0].label.enn ("graz"): is not among the council\'s languages; did you mean "en"?',
        ),
        ("words without words", f'{COUNCIL}emergency = [{{number = "112", label = {{de = "a", en = ""}}}}]{WEB}', 'councils[0].emergency[0].label.en ("graz"): must not be empty.'),
        ("an emergency number in words", f'{COUNCIL}emergency = [{{number = "police"}}]{WEB}', 'councils[0].emergency[0].number ("graz"): must be a telephone number; it is "police".'),
        ("a typo deep inside", f'{COUNCIL}emergency = [{{number = "112", labl = {{}}}}]{WEB}', 'councils[0].emergency[0].labl ("graz"): there is no such setting; did you mean "label"?'),
        ("advice from nobody", f'{COUNCIL}advice = [{{name = "", contact = "x"}}]{WEB}', 'councils[0].advice[0].name ("graz"): must not be empty.'),
        ("an answer never", f"{COUNCIL}answer_days = 0{WEB}", 'councils[0].answer_days ("graz"): must be a number of days from 1 to 365; it is 0.'),
        ("a version in a sentence", f'{COUNCIL}notice_version = "a b"{WEB}', 'councils[0].notice_version ("graz"): must be 1 to 32 characters without a space.'),
        ("kept for ever", f"{COUNCIL}retention = {{deliveries = 99999}}{WEB}", 'councils[0].retention.deliveries ("graz"): must be a number of days from 1 to 3650; it is 99999.'),
        ("erased before the reminder", f"{COUNCIL}retention = {{drafts = 1}}{WEB}", 'councils[0].retention.drafts ("graz"): drafts are gone before their reminder comes (talk.remind_hours = 24).'),
        ("an account of no council", f'{SMALLEST}council = "gratz"', 'accounts[0].council ("web"): there is no council "gratz"; did you mean "graz"?'),
        ("an account of one council of several", SMALLEST + COUNCIL.replace("graz", "linz").replace("GRZ", "LNZ"), 'accounts[0].council ("web"): is missing, and there are several: graz, linz.'),
        ("two accounts of one name", SMALLEST + WEB.replace('channel = "web"', 'channel = "terminal"'), 'accounts: 2 of them have the key "web"; each needs its own.'),
        ("two councils of one name", f'{SMALLEST}council = "graz"\n{COUNCIL.replace("GRZ", "LNZ")}', 'councils: 2 of them have the key "graz"; each needs its own.'),
        ("two councils of one prefix", f'{SMALLEST}council = "graz"\n{COUNCIL.replace("graz", "linz")}', 'councils: 2 of them have the prefix "GRZ"; each needs its own.'),
        ("a bot's setting for a page", f'{SMALLEST}mode = "polling"', 'accounts[0].mode ("web"): there is no such setting.'),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(label, text, fault):
    assert faults_of(text) == (fault,), label


@pytest.mark.parametrize(
    ("label", "text", "fault"),
    [
        ("an open quote", '[http]\nhost = "x\nport = 1', "It is not written as TOML is: .*line 2.*"),
        ("a table twice", "[http]\n[http]\n", "It is not written as TOML is: .*line 2.*"),
        ("a number too long to be read", f"x = {'9' * 5000}", "It is not written as TOML is: .*"),
        ("depth without end", f"x = {'[' * 5000}", "It is not written as TOML is: .*"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_told_with_its_line(label, text, fault):
    (said,) = faults_of(text)
    assert re.fullmatch(fault, said), label


def test_all_faults_are_told_at_once():
    text = f"""
        [http]
        port = "x"
        [log]
        levl = "info"
        {COUNCIL.replace('"Graz"', "3").replace("Europe/Vienna", "Wien")}
        emergency = [{{ numbr = "112" }}, {{ number = "police" }}]
        {BOT}
        mode = "webhook"
        {WEB}
        {WEB.replace("key", "kei")}
    """

    places = [fault.split(":")[0].split(" (")[0] for fault in faults_of(text, DATABASE_URL="mysql://u:p@h/d")]

    assert places == [
        "http.port",
        "log.levl",
        "councils[0].name",
        "councils[0].emergency[0].number",
        "councils[0].emergency[0].numbr",
        "councils[0].time_zone",
        "councils[0].emergency[1].number",
        "accounts[0].token_env",
        "accounts[0].webhook_secret_env",
        "accounts[2].key",
        "accounts[2].kei",
        "accounts[2]",
        "The environment variable DATABASE_URL must begin with postgresql",
    ]


def test_the_error_shows_the_file_and_every_fault():
    with pytest.raises(BadConfiguration) as refused:
        understood(f"prt = 1\n{COUNCIL}")
    assert str(refused.value).splitlines() == [
        "The configuration (config.toml) needs mending:",
        "  - prt: there is no such section; did you mean port? It belongs below [http].",
        "  - There is no [[accounts]] yet; at least one is needed. See config.example.toml.",
    ]


# What may stand anywhere in a file, as TOML writes it.
SCALARS = (
    st.booleans().map(lambda value: str(value).lower())
    | st.integers().map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF, exclude_characters="\x7f")).map(
        json.dumps
    )
    | st.sampled_from(
        [
            "nan",
            "-inf",
            "1979-05-27",
            "07:32:00",
            '"graz"',
            '"telegram"',
            '"web"',
            '"sms"',
            '"whatsapp"',
            '"de"',
            "112",
        ]
    )
)
KEYS = st.sampled_from(
    sorted(
        {
            field.name
            for shape in [
                *SECTIONS.values(),
                Council,
                Emergency,
                Advice,
                Retention,
                TelegramTable,
                TwilioTable,
            ]
            for field in fields(shape)
        }
        | {"de", "en", "housing", "token", "x"}
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        )
    ),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5).map(
    lambda table: "".join(f"{key} = {value}\n" for key, value in table.items())
)


@settings(deadline=None)
@given(
    above=st.dictionaries(st.sampled_from([*SECTIONS, "councils", "accounts", "x"]), VALUES, max_size=2),
    section=TABLES,
    councils=st.lists(TABLES, max_size=2),
    accounts=st.lists(TABLES, max_size=2),
)
def test_whatever_stands_in_a_file_it_is_understood_or_told(above, section, councils, accounts):
    lines = "".join(f"{name} = {value}\n" for name, value in above.items())
    parts = [("[http]\n", section)] if "http" not in above else []
    parts += [("[[councils]]\n", one) for one in councils if "councils" not in above]
    parts += [("[[accounts]]\n", one) for one in accounts if "accounts" not in above]
    found = understood_or_told(lines + "".join(head + table for head, table in parts))
    if isinstance(found, Settings):
        assert found.councils
        assert found.accounts
    else:
        assert found
        assert all(re.match(r"(?s).+: .+|There is no .+", fault) for fault in found), found


def understood_or_told(text: str) -> Settings | tuple[str, ...]:
    """The settings that a text comes to, or why it is refused."""
    try:
        return understood(text, TELEGRAM_TOKEN=TOKEN)
    except BadConfiguration as refused:
        return refused.faults


# Which file


def test_the_file_that_is_named_goes_before_the_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("config.toml", "variable.toml", "option.toml"):
        (tmp_path / name).write_text(SMALLEST.replace('"Graz"', f'"{name}"').replace('"de", "en"', '"en"'))
    environ = {"TOWNBELL_CONFIG": "variable.toml"}

    assert load(Path("option.toml"), environ).councils[0].name == "option.toml"
    assert load(None, environ).councils[0].name == "variable.toml"
    assert load(None, {}).councils[0].name == "config.toml"


def test_a_file_saved_on_windows_is_read(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace('"de", "en"', '"en"').replace("\n", "\r\n").encode())
    assert load(file, {}).councils[0].key == "graz"


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "latin1.toml").write_bytes('name = "Međ"'.encode("utf-16"))
    for path, fault in (
        (tmp_path / "missing.toml", "There is no such file."),
        (tmp_path, "This is a folder; name the file in it."),
        (tmp_path / "latin1.toml", "The file is not in UTF-8; save it as UTF-8 in your editor."),
        (tmp_path / "latin1.toml" / "below", "The file cannot be read: not a directory."),
    ):
        with pytest.raises(BadConfiguration) as refused:
            load(path, {})
        assert refused.value.faults == (fault,)
    with pytest.raises(BadConfiguration, match=r"nowhere\.toml, which TOWNBELL_CONFIG names"):
        load(None, {"TOWNBELL_CONFIG": "nowhere.toml"})


def test_the_languages_are_the_catalogs_there_are(tmp_path):
    for name in ("de.po", "sr-Latn.po", "de.po~", "notes.txt"):
        (tmp_path / name).touch()
    assert catalog_languages(tmp_path) == {"en", "de", "sr-Latn"}
