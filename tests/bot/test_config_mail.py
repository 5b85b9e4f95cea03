"""Which mail server takes our letters, and what keeps them from being read on the way."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import pytest

from bot.config import Mail, Secret
from tests.bot.configured import COUNCIL, MAIL, SMALLEST, WEB, faults_of, understood
from tests.peers.smtp import self_made


def test_without_a_host_there_is_no_mail():
    assert understood(SMALLEST).mail == Mail()
    assert understood(f'[mail]\nusername = "bell"\n{SMALLEST}').mail.host == ""


def test_a_mail_server_that_needs_little():
    assert understood(MAIL + SMALLEST).mail == Mail(
        "smtp.example.org", 587, "starttls", "", None, "bell@example.org", "Graz"
    )


def test_a_mail_server_that_needs_much(tmp_path):
    certificate, _ = self_made(tmp_path / "ca.pem", ["smtp.example.org"])
    (tmp_path / "password").write_text("from a file\n")
    text = (
        f'{MAIL}port = 465\nsecurity = "tls"\nusername = "bell"\npassword_file = "{tmp_path}/password"\n'
        f'sender_name = "Die Glocke"\nca_file = "{certificate}"\n{SMALLEST}'
    )
    assert understood(text, MAIL_PASSWORD="other").mail == Mail(
        "smtp.example.org", 465, "tls", "bell", Secret("from a file"), "bell@example.org", "Die Glocke", certificate
    )  # fmt: skip


def test_letters_for_several_councils_come_from_the_bell():
    two = COUNCIL + COUNCIL.replace("graz", "linz").replace("GRZ", "LNZ") + WEB + 'council = "graz"'
    assert understood(MAIL + two).mail.sender_name == "Townbell"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_a_mail_server_on_this_machine_may_do_without_encryption(host):
    text = MAIL.replace("smtp.example.org", host) + f'security = "none"\n{SMALLEST}'
    assert understood(text).mail.security == "none"


@pytest.mark.parametrize(
    ("label", "more", "fault"),
    [
        ("a host with a port", 'host = "smtp.example.org:587"', 'mail.host: must be the name of a server such as "smtp.example.org", without a port; it is "smtp.example.org:587".'),
        ("a web address for a host", 'host = "smtp://u:pw@example.org"', 'mail.host: must be the name of a server such as "smtp.example.org", without a port.'),
        ("no such port", 'host = "h.example"\nport = 0', "mail.port: must be at least 1; it is 0."),
        ("no sender", 'host = "h.example"\nsender = ""', 'mail.sender: is missing; for example: sender = "bell@example.org"'),
        ("a sender that is no address", 'sender = "Bell <bell@example.org>"', 'mail.sender: must be an e-mail address such as "bell@example.org"; it is "Bell <bell@example.org>".'),
        ("a sender with a line of its own", 'sender = "bell@example.org\\nBcc: x@example.org"', 'mail.sender: must be an e-mail address such as "bell@example.org"; it is "bell@example.org\nBcc: x@example.org".'),
        ("a choice there is not", 'security = "ssl"', 'mail.security: must be "starttls" or "tls" or "none"; it is "ssl".'),
        ("words in the clear", 'security = "none"', 'mail.security: is "none", and every machine on the way could read along. Use "starttls" or "tls"; "none" is for a mail server on this machine, such as host = "localhost".'),
        ("no password", 'username = "bell"', "mail.password_env: the environment variable MAIL_PASSWORD is not set. Put the password of mail.username there: export MAIL_PASSWORD=..."),
        ("a file of it that is empty", 'username = "bell"\npassword_file = "/dev/null"', "mail.password_file: the file /dev/null is empty."),
        ("the password itself", 'password = "hunter2"', 'mail.password: a secret does not belong in this file. Put it into the environment, and write the NAME of the variable here: password_env = "MAIL_PASSWORD".'),
        ("certificates that are not there", 'ca_file = "/nowhere/ca.pem"', "mail.ca_file: the file /nowhere/ca.pem cannot be read: no such file or directory."),
        ("certificates that are none", 'ca_file = "/dev/null"', "mail.ca_file: there is no certificate in /dev/null; it must be in PEM form."),
    ],
)  # fmt: skip
def test_a_fault_of_mail_is_told(label, more, fault):
    names = {line.partition(" ")[0] for line in more.splitlines()}
    kept = "\n".join(line for line in MAIL.splitlines() if line.partition(" ")[0] not in names)
    assert faults_of(f"{kept}\n{more}\n{SMALLEST}") == (fault,), label


def test_the_key_of_letters_is_taken():
    assert faults_of(SMALLEST.replace('key = "web"', 'key = "mail"')) == (
        'accounts[0].key ("mail"): is the one of the letters that [mail] sends; choose another.',
    )
