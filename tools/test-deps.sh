#!/usr/bin/env bash
# Install what the tests need beside Python: a real PostgreSQL, a browser with fonts for every script, Node for the
# Telegram emulator, faketime, and a reader of QR codes. Nothing is done when nothing is missing, so it may run before every test.
set -euo pipefail

say() { printf 'townbell: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
have_file() { compgen -G "$1" >/dev/null; }

wanted=()
have_file '/usr/lib/postgresql/*/bin/initdb' || have initdb || wanted+=(postgresql)
have chromium || wanted+=(chromium)
have_file '/usr/share/fonts/truetype/noto/NotoSansEthiopic-*' || wanted+=(fonts-noto-core)
have_file '/usr/share/fonts/truetype/noto/NotoColorEmoji*' || wanted+=(fonts-noto-color-emoji)
have node || wanted+=(nodejs)
have npm || wanted+=(npm)
have faketime || wanted+=(faketime)
have zbarimg || wanted+=(zbar-tools)
[ ${#wanted[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
if ! have apt-get || ! "${as_root[@]}" true 2>/dev/null; then
    say "the tests that need these Debian packages will be skipped, because installing them is not permitted here: ${wanted[*]}." \
        "To run them all: sudo apt-get install --no-install-recommends ${wanted[*]}"
    exit 1
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"; }
install() { apt install -y --no-install-recommends "${wanted[@]}" >/dev/null; }

say "installing what the tests need: ${wanted[*]}"
# The package lists may be missing or old; they are fetched only when the first attempt shows it.
install 2>/dev/null || { apt update && install; } || {
    say "could not install ${wanted[*]}; the tests that need them will be skipped."
    exit 1
}
