#!/bin/sh
# Prints which files DIRECTORY lacks, or has with another content. Changes nothing.
#   seeded.sh DIRECTORY SHA256=FILE...
set -eu

directory=$1
shift
for pair; do
    file=$directory/${pair#*=}
    if [ ! -f "$file" ] || [ "$(sha256sum "$file" | cut -d ' ' -f 1)" != "${pair%%=*}" ]; then
        printf '%s\n' "${pair#*=}"
    fi
done
