#!/usr/bin/env bash
# Sends through a real Postfix into Maildirs of this machine, and lets it return what it cannot deliver.
#
#     tests/postfix/run.sh [FOLDER FOR THE MAILS]
#
# Needs root (Postfix changes users) and a Debian from which `apt-get download` can fetch its package.
# Nothing is installed: the binaries are unpacked into target/postfix, and a whole instance of its own
# runs from a temporary folder on a free port of 127.0.0.1. With a folder named, what was delivered stays
# there, message by message, as .eml and .html files, for looking at.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'postfix: %s\n' "$*"; }
[ "$(id -u)" = 0 ] || { say "must run as root"; exit 1; }

root="$PWD/target/postfix"
if [ ! -x "$root/usr/sbin/postfix" ]; then
    mkdir -p "$root/packages"
    # The libraries that a machine without Postfix may lack; those that are there are left alone.
    wanted="postfix"
    for pair in libdb5.3:libdb-5.3.so libicu72:libicuuc.so.72 libnsl2:libnsl.so.2 libsasl2-2:libsasl2.so.2; do
        ldconfig -p | grep -q "${pair#*:}" || wanted="$wanted ${pair%%:*}"
    done
    say "unpacking $wanted"
    # shellcheck disable=SC2086
    (cd "$root/packages" && apt-get download $wanted >/dev/null 2>&1) || { say "apt-get download failed"; exit 1; }
    for package in "$root"/packages/*.deb; do dpkg -x "$package" "$root"; done
fi
libraries="$root/usr/lib/postfix:$root/usr/lib/$(uname -m)-linux-gnu"
export LD_LIBRARY_PATH="$libraries"

work="$(mktemp -d /tmp/shodo-postfix.XXXXXX)"
chmod 755 "$work"
mkdir -p "$work"/{etc,queue,data,mail}
chown daemon "$work/data"
chown nobody "$work/mail"
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"

cat >"$work/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $work/queue
data_directory = $work/data
command_directory = $root/usr/sbin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
meta_directory = $root/etc/postfix
sendmail_path = $root/usr/sbin/sendmail
newaliases_path = $root/usr/bin/newaliases
mailq_path = $root/usr/bin/mailq
# Two users that every Debian has: Postfix wants them apart from each other.
mail_owner = daemon
setgid_group = mail
import_environment = LD_LIBRARY_PATH=$libraries MAIL_CONFIG=$work/etc
maillog_file = $work/postfix.log
maillog_file_prefixes = $work
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.shop.example.jp
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = shop.example.jp, example.jp, docomo.example.jp
virtual_mailbox_base = $work/mail
virtual_mailbox_maps = texthash:$work/etc/mailboxes
virtual_minimum_uid = 100
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
# As relays do that learn of an unknown mailbox only behind themselves: taken first, returned later.
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
EOF
cat >"$work/etc/mailboxes" <<'EOF'
privacy@shop.example.jp privacy/
taro@example.jp taro/
team@example.jp team/
taro..yamada@docomo.example.jp carrier/
taro.@docomo.example.jp carrier/
EOF
cat >"$work/etc/master.cf" <<EOF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
EOF

stop() {
    "$root/usr/sbin/postfix" -c "$work/etc" stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT
"$root/usr/sbin/postfix" -c "$work/etc" start >"$work/start.log" 2>&1 || { cat "$work/start.log" "$work/postfix.log"; exit 1; }
say "$("$root/usr/sbin/postconf" -c "$work/etc" -h mail_version) listens on 127.0.0.1:$port"

status=0
SHODO_TEST_POSTFIX="$port:$work/mail" cargo test --locked --test it -- --ignored postfix:: --nocapture || status=$?
grep -c 'status=sent' "$work/postfix.log" | sed 's/^/postfix: deliveries in its log: /' || true
[ "$status" = 0 ] || tail -40 "$work/postfix.log"
if [ $# -gt 0 ]; then
    .venv/bin/python tests/postfix/open_mails.py "$work/mail" "$1"
fi
exit "$status"
