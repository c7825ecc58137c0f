#!/bin/sh
# Installs the Debian packages that are missing, and nothing else.
#
#   conf/deps.sh run [agent] [test] [check] [bench]
#
# Quick when nothing is missing: one question to dpkg. Newly installed services are not started: nginx and php-fpm
# are used here under an ordinary user, on ports of their own.
set -eu

run="g++ make nginx ca-certificates openssl python3 libfcgi-dev libjsoncpp-dev libcrypto++-dev libcurl4-openssl-dev
     libsqlite3-dev libpq-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libfmt-dev libsimdjson-dev libqrcodegencpp-dev
     prometheus-cpp-dev libkainjow-mustache-dev libsystemd-dev zlib1g-dev"
# The agent for Windows is cross-built, and started by its tests.
agent="g++-mingw-w64-x86-64-posix"
# PHP for the SDK and the plugins of shops; what phpunit itself needs comes with it.
php="php8.2-cli php8.2-curl php8.2-mbstring php8.2-sqlite3 php8.2-xml phpunit php-codesniffer composer"
# WordPress for the tests of its plugin, with a database server that is only a program. It wants some PHP for a web server: with
# php-fpm and nginx named, none is Apache.
wordpress="wordpress nginx php8.2-fpm php8.2-mysql mariadb-server-core"
test="libboost-test-dev postgresql pgbouncer chromium wine64 $agent $php $wordpress"
# Packages of other makers than Debian bring npm within nodejs: what counts is that the program is there.
command -v node >/dev/null || test="$test nodejs"
command -v npm >/dev/null || test="$test npm"
check="clang clang-format"
bench="wrk postgresql php8.2-fpm php8.2-cli php8.2-sqlite3 php8.2-opcache"

wanted=""
for part in "${@:-run}"; do
  case "$part" in
    run) wanted="$wanted $run" ;;
    agent) wanted="$wanted $agent" ;;
    test) wanted="$wanted $test" ;;
    check) wanted="$wanted $check" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "deps: no such part: $part (run, agent, test, check, bench)" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "deps: this is not Debian; please install what these packages hold, then run with DEPS=:" >&2
  echo "$wanted" | tr -s ' \n' '\n' | sed '/^$/d; s/^/  /' >&2
  exit 1
fi

missing_packages() {
  installed=" $(dpkg-query -W -f='${db:Status-Status}=${Package} ' $wanted 2>/dev/null || true)"
  for package in $wanted; do
    case "$installed" in *" installed=$package "*) ;; *) printf '%s ' "$package" ;; esac
  done
}

missing=$(missing_packages)
[ -n "$missing" ] || exit 0
echo "deps: missing: $missing"

sudo=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "deps: please run as root: apt-get install --no-install-recommends $missing" >&2
    exit 1
  fi
  sudo=sudo
fi

# A policy of our own keeps services from starting while packages are set up; an existing one stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '$sudo rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  $sudo chmod 755 "$policy"
fi

apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0"
install() { $apt install -y --no-install-recommends $missing >/dev/null; }
# A fresh machine has no package lists yet; an old one has lists that name versions which are gone.
if ! install 2>/dev/null; then
  $apt update || true
  if ! install; then
    echo "deps: could not install: $missing" >&2
    echo "deps: is this machine online? Install them by hand, or run with DEPS=: if they are there in another form." >&2
    exit 1
  fi
fi

left=$(missing_packages)
[ -z "$left" ] || { echo "deps: still missing: $left" >&2; exit 1; }
echo "deps: installed"
