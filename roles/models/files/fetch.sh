#!/bin/sh
# Downloads one model on the controller: resumed, verified by size and sha256, and only then under its name.
#   fetch.sh URL FILE SIZE SHA256 PARTIAL PYTHON [MEMBER]      MEMBER: the file to take out of the zip at URL
set -eu

url=$1 file=$2 size=$3 sha256=$4 partial=$5 python=$6 member=${7:-}
# By its sum, so that a part of an older version is never continued.
part=$partial/$sha256.part

fail() { # OBSERVED EXPECTED REMEDY
    printf 'seen:   %s\nneeded: %s\nremedy: %s\n' "$1" "$2" "$3" >&2
    exit 1
}
bytes() { wc -c <"$1" | tr -d ' '; }

download() {
    status=0
    curl --fail --silent --show-error --location --retry 3 --retry-delay 1 --connect-timeout 20 \
        --continue-at - --output "$part" "$url" 2>"$partial/error" || status=$?
    # 33: the server cannot continue. 22 with a part: it may have nothing beyond it. Both are cured by a fresh start.
    if { [ "$status" -eq 33 ] || [ "$status" -eq 22 ]; } && [ -s "$part" ]; then
        rm -f "$part"
        status=0
        curl --fail --silent --show-error --location --retry 3 --retry-delay 1 --connect-timeout 20 \
            --output "$part" "$url" 2>"$partial/error" || status=$?
    fi
    [ "$status" -eq 0 ] || fail "$url: $(tail -n 1 "$partial/error")" "$size bytes of $(basename "$file")" \
        "run it again (it goes on at $([ -f "$part" ] && bytes "$part" || echo 0) bytes), or put the file into a folder and name that as models_dir"
}

mkdir -p "$partial" "$(dirname "$file")"
if [ -n "$member" ]; then
    download
    rm -rf "$partial/members"
    "$python" -m zipfile -e "$part" "$partial/members" 2>"$partial/error" || {
        rm -f "$part"
        fail "$url is no zip archive: $(tail -n 1 "$partial/error")" "an archive with $member in it" \
            "run it again; if it repeats, mend the URL in image/models.yml"
    }
    result=$(find "$partial/members" -name "$member" -type f | head -n 1)
    [ -n "$result" ] || fail "the archive at $url has no $member" "a member of that name" "mend image/models.yml"
else
    # A whole part needs no server: an earlier run may have been cut between the download and the rename.
    if [ ! -f "$part" ] || [ "$(bytes "$part")" -ne "$size" ]; then download; fi
    result=$part
fi

seen_size=$(bytes "$result")
seen_sha256=$(sha256sum "$result" | cut -d ' ' -f 1)
if [ "$seen_size" -ne "$size" ] || [ "$seen_sha256" != "$sha256" ]; then
    rm -rf "$part" "$partial/members"
    fail "$url gave $seen_size bytes with sha256 $seen_sha256" "$size bytes with sha256 $sha256" \
        "run it again; if it repeats, the file behind the URL is another one than image/models.yml describes"
fi
chmod 644 "$result"
mv "$result" "$file"
rm -rf "$part" "$partial/members"
