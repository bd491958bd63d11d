#!/bin/sh
# The data directory of a host: releases/<name>/ with the files of one database, `current`, the link to the one that is
# used, and `previous`, the link to the one that served when `current` was moved last: whoever finds that nobody waited
# for the sidecar's verdict goes back to it. Every step ends in one rename, so that an interrupted one leaves the old
# state and is repeated.
# Runs under dash and busybox sh.
#
#   releases.sh state     DATA FILE...            what there is, as JSON
#   releases.sh adoptable DATA FILE...            the name that files which lie flat in DATA would get as a release
#   releases.sh adopt     DATA FILE...            they become that release, without a copy
#   releases.sh unflatten DATA FILE...            the first names of adopted files go
#   releases.sh prepare   DATA NAME               releases/NAME.incoming, with what an interrupted rsync left
#   releases.sh verify    DATA NAME SHA=FILE...   releases/NAME.incoming against these sums; then it is releases/NAME
#   releases.sh switch    DATA NAME [BEFORE]      `current` points to NAME (or to nothing: NAME "-"), `previous` to BEFORE
#   releases.sh remove    DATA NAME               releases/NAME goes, whole or half
#   releases.sh prunable  DATA KEEP NAME...       all but the newest KEEP, the named, `current` and `previous`
#   releases.sh prune     DATA KEEP NAME...       they go, and half ones
set -eu

verb=$1 data=${2%/}
shift 2
releases=$data/releases

fail() { # OBSERVED EXPECTED REMEDY
    printf 'seen:   %s\nneeded: %s\nremedy: %s\n' "$1" "$2" "$3" >&2
    exit 1
}
current() { [ ! -L "$data/current" ] || basename "$(readlink "$data/current")"; }
# Nothing once its release is gone.
previous() { [ ! -d "$data/previous/" ] || basename "$(readlink "$data/previous")"; }
link() { # NAME LINK, in one step
    ln -sfn "releases/$1" "$data/$2.next"
    mv -T "$data/$2.next" "$data/$2"
}
sum() { sha256sum "$1" | cut -d ' ' -f 1; }

# Newest first; a release is a directory under its final name.
listed() {
    [ -d "$releases" ] || return 0
    # The names are ours: letters, digits, dots and dashes.
    # shellcheck disable=SC2012
    ls -1t "$releases" | while IFS= read -r name; do
        case $name in *.incoming | .*) continue ;; esac
        [ -d "$releases/$name" ] && printf '%s\n' "$name"
    done
}
quoted() { sed 's/.*/"&"/' | tr '\n' ',' | sed 's/,$//'; }
# Whether this very file, and no other of the same name, is in a release too.
adopted() {
    for twin in "$releases"/*/"$1"; do
        if [ "$twin" -ef "$data/$1" ]; then return 0; fi
    done
    return 1
}
# The sha256 that the manifest has for a file; nothing where it has none.
promised() {
    tr -d '\n\r' <"$data/manifest.json" \
        | sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\(sha256:\)\{0,1\}\([0-9A-Fa-f]\{64\}\)\".*/\2/p" | tr A-F a-f
}
# The name of what lies flat, once it is what its manifest says: the same that the controller gives to these very files.
adoptable() {
    sums='' wrong=''
    for file; do
        expected=$(promised "$file") found=
        [ ! -f "$data/$file" ] || found=$(sum "$data/$file")
        case $expected in
        '' | "$found") ;;
        *) wrong="$wrong $file ($([ -n "$found" ] && printf 'another sha256' || printf missing))" ;;
        esac
        [ -z "$found" ] || sums="$sums$found  $file
"
    done
    [ -z "$wrong" ] || fail "what lies flat in $data is not what its manifest.json says:$wrong" \
        "the files of one database; they stay where they are, as they are" \
        "put whole files there, or move these and manifest.json away and name a directory as data_source; then run this again"
    version=$(sed -n 's/.*"version"[[:space:]]*:[[:space:]]*"\([A-Za-z0-9._-]*\)".*/\1/p' "$data/manifest.json" | head -n 1)
    printf '%s-%s\n' "${version:-unknown}" "$(printf '%s' "$sums" | LC_ALL=C sort -k 2 | sha256sum | cut -c 1-8)"
}
prunable() {
    keep=$1 kept=0
    shift
    named=" $(current) $(previous) $* "
    listed | while IFS= read -r name; do
        kept=$((kept + 1))
        [ "$kept" -gt "$keep" ] || continue
        case $named in *" $name "*) ;; *) printf '%s\n' "$name" ;; esac
    done
}

case $verb in
state)
    flat=false leftover=false
    if [ ! -L "$data/current" ] && [ -f "$data/manifest.json" ]; then flat=true; fi
    for file; do
        if [ -f "$data/$file" ] && adopted "$file"; then leftover=true; fi
    done
    printf '{"current": "%s", "previous": "%s", "flat": %s, "leftover": %s, "releases": [%s]}\n' \
        "$(current)" "$(previous)" "$flat" "$leftover" "$(listed | quoted)"
    ;;
adoptable)
    adoptable "$@"
    ;;
adopt)
    name=$(adoptable "$@")
    rm -rf "$releases/$name.incoming"
    mkdir -p "$releases/$name.incoming"
    for file; do
        # A second name, not a move: the files serve under the first one until a sidecar reads the second.
        [ ! -f "$data/$file" ] || ln "$data/$file" "$releases/$name.incoming/$file"
    done
    if [ -d "$releases/$name" ]; then
        rm -rf "$releases/$name.incoming"
    else
        mv "$releases/$name.incoming" "$releases/$name"
    fi
    printf '%s\n' "$name"
    ;;
unflatten)
    for file; do
        if [ -f "$data/$file" ] && adopted "$file"; then rm -f "$data/$file"; fi
    done
    ;;
prepare)
    mkdir -p "$releases/$1.incoming"
    # What a killed rsync had not finished bears a name of its own, .NAME.XXXXXX; under its right name it goes on.
    for part in "$releases/$1.incoming"/.*.??????; do
        [ -f "$part" ] || continue
        whole=${part##*/.}
        whole=$releases/$1.incoming/${whole%.??????}
        if [ -f "$whole" ]; then rm -f "$part"; else mv "$part" "$whole"; fi
    done
    ;;
verify)
    name=$1
    shift
    wrong=
    for pair; do
        file=${pair#*=}
        if [ ! -f "$releases/$name.incoming/$file" ]; then
            wrong="$wrong $file (missing)"
        elif [ "$(sum "$releases/$name.incoming/$file")" != "${pair%%=*}" ]; then
            wrong="$wrong $file (another sha256)"
            # Sent anew by the next run: its size and start may look right.
            rm -f "$releases/$name.incoming/$file"
        fi
    done
    [ -z "$wrong" ] || fail "what arrived on the host is not what was sent:$wrong" \
        "the same sha256 on both sides" "run this again (only these files are sent); if it repeats, check the disk and memory"
    sync
    mv "$releases/$name.incoming" "$releases/$name"
    ;;
switch)
    if [ "$1" = - ]; then
        rm -f "$data/current"
    else
        # Before `current` moves: from then on somebody may have to go back.
        case ${2:--} in
        -) [ "$#" -eq 1 ] || rm -f "$data/previous" ;;
        *) link "$2" previous ;;
        esac
        # The newest is the one that was used last.
        touch "$releases/$1"
        link "$1" current
    fi
    sync
    ;;
remove)
    rm -rf "${releases:?}/$1" "${releases:?}/$1.incoming"
    ;;
prunable)
    prunable "$@"
    ;;
prune)
    # No transfer is under way when this runs: what is left of one belongs to a release that nobody wanted any more.
    rm -rf "$releases"/*.incoming
    prunable "$@" | while IFS= read -r name; do
        rm -rf "${releases:?}/$name"
        printf '%s\n' "$name"
    done
    ;;
*)
    printf 'unknown verb: %s\n' "$verb" >&2
    exit 2
    ;;
esac
