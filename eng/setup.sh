#!/usr/bin/env bash
# Installs what EmmaStream needs from Debian's or Ubuntu's packages, and nothing when all is there.
#
#   eng/setup.sh           what the program needs: ffmpeg, GTK 3 (OpenCV loads it)
#   eng/setup.sh --tests   what the tests need too: chromium
#
# As root it installs; else it prints the one line to run and fails (for parts that only tests need it goes on: their tests skip by name).
# EMMASTREAM_NEED_GB sets the free disk space that it asks for (default 3, with --tests 6; 1 once the packages were restored).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tests=false
case "${1-}" in
    "") ;;
    --tests) tests=true ;;
    *) echo "setup.sh: unknown option $1; use --tests or nothing" >&2; exit 2 ;;
esac

fail() {
    echo "setup.sh: $1" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# ldconfig is in a folder that only root's PATH has.
has_library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1"; }

has_chromium() { has chromium || has chromium-browser || has google-chrome; }

check_machine() {
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "this is $(uname -sm); EmmaStream is built and tried on Linux x86_64"
    has dotnet || fail "the .NET SDK is missing; install dotnet-sdk-10.0 (https://learn.microsoft.com/dotnet/core/install/linux) and run this again"
    (cd "$root" && dotnet --version >/dev/null 2>&1) \
        || fail "no .NET SDK here fits global.json (10.0.100 or a later 10.0); install dotnet-sdk-10.0 and run this again"
}

# Free space where packages are unpacked and where the build writes.
check_disk() {
    local cache=${NUGET_PACKAGES:-${HOME:-/root}/.nuget/packages} need folder free
    need=3
    if $tests; then need=6; fi
    if [ -d "$cache/torchsharp" ] && { ! $tests || [ -d "$cache/xunit.v3" ]; }; then need=1; fi
    need=${EMMASTREAM_NEED_GB:-$need}
    while [ ! -d "$cache" ]; do cache=$(dirname "$cache"); done
    for folder in "$root" "$cache"; do
        free=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')
        [ "$free" -ge "$need" ] \
            || fail "$folder has $free GB free and about $need GB are needed; free some, or set EMMASTREAM_NEED_GB to a smaller number if you know better"
    done
}

# Debian 13 and Ubuntu 24.04 renamed the package.
gtk_package() {
    if apt-cache show libgtk-3-0t64 >/dev/null 2>&1; then echo libgtk-3-0t64; else echo libgtk-3-0; fi
}

missing_for_product() {
    { has ffmpeg && has ffprobe; } || echo ffmpeg
    has_library 'libgtk-3\.so\.0' || gtk_package
}

missing_for_tests() {
    ! $tests || has_chromium || echo chromium
}

known_to_apt() {
    local package
    for package in "$@"; do
        apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]' || return 1
    done
}

install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300)
    if ! known_to_apt "$@"; then
        "${apt[@]}" update || fail "apt-get update failed; look at its message above"
    elif "${apt[@]}" install --no-install-recommends "$@"; then
        return 0
    else
        # An old list names versions that the server no longer has.
        "${apt[@]}" update || fail "apt-get update failed; look at its message above"
    fi
    "${apt[@]}" install --no-install-recommends "$@" || fail "apt-get could not install $*; look at its message above"
}

main() {
    check_machine
    check_disk
    local product test_parts
    mapfile -t product < <(missing_for_product)
    mapfile -t test_parts < <(missing_for_tests)
    local all=("${product[@]}" "${test_parts[@]}")
    [ ${#all[@]} -gt 0 ] || return 0

    has apt-get || fail "missing: ${all[*]}; there is no apt-get here, so install them with this system's own package manager"
    if [ "$(id -u)" -ne 0 ]; then
        echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends ${all[*]}"
        [ ${#product[@]} -eq 0 ] || fail "missing: ${all[*]}; run the line above, then this again"
        echo "setup.sh: without ${test_parts[*]} some tests skip; the line above installs it" >&2
        return 0
    fi
    echo "setup.sh: installing ${all[*]}"
    install "${all[@]}"
    mapfile -t all < <(missing_for_product; missing_for_tests)
    [ ${#all[@]} -eq 0 ] || fail "still missing after installation: ${all[*]}"
}

main
