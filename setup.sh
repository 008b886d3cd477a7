#!/usr/bin/env bash
# Makes .venv from the lock file and installs the few system packages that documents need.
# Safe to repeat. `make setup` calls it only when the lock file, pyproject.toml or this file changed.
#
#   ./setup.sh          .venv with the kaoping command; fonts and PDF tools
#   ./setup.sh office   LibreOffice, in which tests open what we write, and `make bench` recalculates workbooks
#   ./setup.sh browser  chromium, in which tests look at the pages; with its Chinese words
#   ./setup.sh peers    in .venv/peers what only `make bench` runs beside ours: a Merkle tree library, a typesetter of html
set -euo pipefail
cd "$(dirname "$0")"
lock=requirements/dev.txt
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n%s\n' "$1" "$2"; }

apt_install() {  # package…: installs when root; otherwise says what to install
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "正在安装系统软件包：$*" "Installing system packages: $*"
        export DEBIAN_FRONTEND=noninteractive
        # The package list may still be fresh; only when it is not, fetch it first.
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
        apt-get update -qq >/dev/null &&
            apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
    fi
    say "请由管理员安装：apt-get install $*" "Please have an administrator run: apt-get install $*" >&2
    return 1
}

find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3.14 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

has_fonts() {  # the faces that Chinese documents fall back to; fc-list may not exist
    [ -n "${KAOPING_FONTS:-}" ] && return
    local face home=${HOME:-/nonexistent}
    for face in NotoSerifCJK NotoSansCJK; do
        [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$home/.local/share/fonts" "$home/.fonts" \
            -name "$face*" -print -quit 2>/dev/null)" ] || return
    done
}

install_stand_ins() {  # free faces for 仿宋, 楷体 and 宋体 (Fandol), out of a package of which nothing else is needed
    local place=.venv/share/fonts/fandol face scratch
    [ -e "$place/FandolSong-Regular.otf" ] && return  # copied last
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    scratch=$(mktemp -d)
    (cd "$scratch" && { apt-get download -qq texlive-lang-chinese || { apt-get update -qq && apt-get download -qq texlive-lang-chinese; }; } &&
        dpkg -x texlive-lang-chinese*.deb .) >/dev/null 2>&1 && mkdir -p "$place" &&
        for face in Fang Kai Song; do
            cp "$scratch/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/Fandol$face-Regular.otf" "$place/" || break
        done
    rm -rf "$scratch"
    [ -e "$place/FandolSong-Regular.otf" ]
}

make_venv() {
    local python
    if ! find_python >/dev/null; then
        apt_install python3 python3-venv || true
    fi
    if ! python=$(find_python); then
        say "需要 Python 3.11 或更新的版本。" "Python 3.11 or newer is needed." >&2
        exit 5
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        apt_install "$(basename "$(readlink -f "$python")")-venv" || exit 5
    fi
    "$python" -m venv --clear .venv
}

install_locked() {  # prints one dot per package; the whole of pip's words only if it fails
    local log=.venv/setup.log
    .venv/bin/python -m pip install --require-hashes --no-deps --progress-bar off -r "$lock" 2>&1 |
        tee "$log" | while read -r word _; do
            case $word in Collecting | Processing | Requirement) printf . ;; esac
        done || { printf '\n'; cat "$log"; exit 5; }
    .venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
    printf '\n'
}

install_assets() {  # style sheets and scripts of the pages, from their lock into the package
    local vendor=src/kaoping/web/static/vendor
    command -v npm >/dev/null && (cd assets && npm ci --prefer-offline --loglevel=error >/dev/null) &&
        mkdir -p "$vendor" && sed "/sourceMappingURL/d" assets/node_modules/bootstrap/dist/css/bootstrap.min.css >"$vendor/bootstrap.min.css"
}

install_judge() {  # a verifier of receipts in another language, which only tests ask
    command -v npm >/dev/null && (cd tests/judges && npm ci --prefer-offline --loglevel=error >/dev/null)
}

if [ "${1:-}" = office ]; then
    [ -e /usr/lib/libreoffice/program/swriter ] && [ -e /usr/lib/libreoffice/program/scalc ] || apt_install libreoffice-calc libreoffice-writer || {
        say "没有 LibreOffice，用它排印 docx 的测试将跳过。" "Without LibreOffice the tests in which it sets a docx are skipped." >&2
    }
    exit
fi
if [ "${1:-}" = browser ]; then
    [ -e /usr/lib/chromium/locales/zh-CN.pak ] || command -v chromium-browser >/dev/null || apt_install chromium chromium-l10n || {
        say "没有 chromium，浏览器里的测试将跳过。" "Without chromium the tests in a browser are skipped." >&2
    }
    exit
fi
if [ "${1:-}" = peers ]; then  # some under the GPL: measured beside ours in an environment of its own, never linked
    [ -x .venv/peers/bin/python ] || "$(find_python)" -m venv .venv/peers
    .venv/peers/bin/python -m pip install -q pymerkle==7.0.0 weasyprint==66.0
    exit
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "[1/5] 正在建立 .venv" "      Making .venv"
    make_venv
fi
say "[2/5] 正在安装锁定版本的依赖，约需半分钟" "      Installing the locked dependencies, about half a minute"
install_locked
say "[3/5] 正在检查字体和 PDF 工具" "      Looking for fonts and PDF tools"
has_fonts || apt_install fonts-noto-cjk ||
    say "没有中文字体就不能生成 PDF。" "Without Chinese fonts no PDF can be made." >&2
install_stand_ins ||
    say "没有装上仿宋、楷体、宋体的替代字体，PDF 将用思源字体排印；有正式字体的，用 KAOPING_FONTS 指定其文件夹。" \
        "Without stand-ins for 仿宋, 楷体 and 宋体 PDFs are set in Noto; where you have the faces themselves, name their folder in KAOPING_FONTS." >&2
command -v pdftoppm >/dev/null || apt_install poppler-utils ||
    say "没有 poppler-utils，部分 PDF 测试将跳过。" "Without poppler-utils some PDF tests are skipped." >&2
say "[4/5] 正在安装页面用的样式（需要 npm）" "      Installing what pages look like (needs npm)"
install_assets || {
    say "没有安装成功（需要 Node.js 20 或 22 以上及 npm），平台的页面将没有样式；批量计算不受影响。" \
        "Not installed (it needs Node.js 20, or 22 and newer, with npm): pages of the platform will look bare; the batch job is not affected." >&2
    [ "${CI:-}" != true ] || exit 5
}
say "[5/5] 正在安装测试用的第三方核验程序（需要 npm）" "      Installing an independent verifier for the tests (needs npm)"
install_judge || {
    say "没有安装成功（需要 Node.js 20 或 22 以上及 npm），由它复核回执的测试将跳过；其余不受影响。" \
        "Not installed (it needs Node.js 20, or 22 and newer, with npm): the tests in which it judges receipts are skipped; nothing else is." >&2
    # Where all tests must run, a judge that should be there and is not must not pass unnoticed.
    [ "${CI:-}" != true ] || ! command -v npm >/dev/null || exit 5
}
say "准备完成。" "Ready."
