#!/bin/sh
# dockerMan's directory of templates on the host. dockerMan finds a container's template by the <Name> in it, some
# boot scripts by the file's name, and a flash drive does not tell capitals from small letters: so there has to be
# one file, my-NAME.xml, with that <Name>. Runs under dash and busybox sh.
#   templates.sh look   DIRECTORY NAME            prints JSON: the file there is, its content in base64, what is in the way
#   templates.sh settle DIRECTORY NAME            gives the file its exact name
#   templates.sh hide   DIRECTORY NAME OTHER...   takes the OTHERs out of dockerMan's sight
#   templates.sh back   DIRECTORY NAME [OTHER...] shows them to dockerMan again
#   templates.sh remove DIRECTORY NAME            removes the file
set -eu

verb=$1 directory=$2 name=$3
shift 3
exact=my-$name.xml
cd "$directory" 2>/dev/null || {
    case $verb in
    look) printf '{"file": "", "owner": "", "content": "", "others": []}\n' && exit 0 ;;
    settle) mkdir -p "$directory" && cd "$directory" ;;
    *) exit 0 ;;
    esac
}

small() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }
# Which container a template is for.
owner() { sed -n 's:.*<Name>[[:space:]]*\([^<]*[^<[:space:]]\)[[:space:]]*</Name>.*:\1:p' "$1" | head -n 1; }
# The file as the directory lists it; on a flash drive it may be spelled with other letters.
present() {
    for file in *.xml; do
        if [ "$file" = "$exact" ] || { [ "$(small "$file")" = "$(small "$exact")" ] && [ -e "$exact" ]; }; then
            printf '%s' "$file"
            return
        fi
    done
}
quoted() { printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

case $verb in
look)
    file=$(present)
    owner="" content=""
    if [ -n "$file" ]; then
        owner=$(owner "$file")
        content=$(base64 <"$file" | tr -d '\n')
    fi
    printf '{"file": %s, "owner": %s, "content": "%s", "others": [' "$(quoted "$file")" "$(quoted "$owner")" "$content"
    comma=
    for other in *.xml; do
        [ -f "$other" ] && [ "$other" != "$file" ] && [ "$(owner "$other")" = "$name" ] || continue
        printf '%s%s' "$comma" "$(quoted "$other")"
        comma=', '
    done
    printf ']}\n'
    ;;
settle)
    # What a cut transfer left beside it.
    rm -f ."$exact".??????
    file=$(present)
    if [ -n "$file" ] && [ "$file" != "$exact" ]; then
        # By way of a third name: to a flash drive the two are one.
        mv "$file" "$exact.renamed"
        mv "$exact.renamed" "$exact"
    fi
    ;;
hide)
    for other; do [ ! -f "$other" ] || mv "$other" "$other.before-$name"; done
    sync
    ;;
back)
    for other; do [ ! -f "$other.before-$name" ] || mv "$other.before-$name" "$other"; done
    sync
    ;;
remove)
    rm -f "$exact"
    sync
    ;;
esac
