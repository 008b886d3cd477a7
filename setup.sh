#!/usr/bin/env bash
# Makes .venv from the lock file given and looks for the fonts that documents need.
# Safe to repeat; `make setup` calls it only when the lock file, pyproject.toml or this file changed.
set -euo pipefail
cd "$(dirname "$0")"
lock=${1:-requirements/dev.txt}

say() { printf '%s\n%s\n' "$1" "$2"; }

apt_install() {  # installs Debian packages when root; otherwise says what to install
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        say "正在安装系统软件包:$*" "Installing system packages: $*"
        export DEBIAN_FRONTEND=noninteractive
        # A machine whose package list is still fresh need not fetch it again.
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
        apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return 0
    fi
    say "请由管理员安装:apt-get install $*" "Please have an administrator run: apt-get install $*" >&2
    return 1
}

find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    say "需要 Python 3.11 或更新的版本。" "Python 3.11 or newer is needed." >&2
    return 1
}

has_fonts() {
    [ -n "${KAOPING_FONTS:-}" ] && return 0
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" "$HOME/.fonts" \
        -name 'NotoSerifCJK*' -print -quit 2>/dev/null | grep -q .
}

python=$(find_python)
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    apt_install python3-venv
fi
if [ ! -x .venv/bin/python ]; then
    say "正在建立 .venv ……" "Making .venv ..."
    "$python" -m venv .venv
fi
say "正在安装锁定版本的依赖 ……" "Installing the locked dependencies ..."
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r "$lock"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .

if ! has_fonts; then
    apt_install fonts-noto-cjk || say \
        "没有中文字体就不能生成 PDF;其余功能照常。" "Without Chinese fonts no PDF can be made; the rest works." >&2
fi
if ! command -v pdftoppm >/dev/null; then
    apt_install poppler-utils || say "部分 PDF 测试将跳过。" "Some PDF tests will be skipped." >&2
fi
say "准备完成。" "Ready."
