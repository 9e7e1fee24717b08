#!/usr/bin/env bash
# Searches for input that breaks pipec, with libFuzzer (clang), until it finds some or the time is over.
#
#   tests/fuzz/fuzz.sh [SECONDS]      default 60
#
# What it finds and the files that reach new code are left below build/fuzz.
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD:-build}/fuzz
sanitize=-fsanitize=address,undefined,fuzzer-no-link
mkdir -p "$out/corpus"

make --no-print-directory BUILD="$out" CC=clang CFLAGS="-O1 -g $sanitize" "$out/compiler.a"
clang -std=c11 -D_GNU_SOURCE -O1 -g "$sanitize" -fsanitize=fuzzer -Icompiler -Igrammar tests/fuzz/target.c \
    "$out/compiler.a" -o "$out/target"
# It begins with drawn programs too, whole and damaged.
make --no-print-directory BUILD="$out" CC=clang "$out/tests/fuzz/near"
mkdir -p "$out/drawn"
"$out/tests/fuzz/near" "$out/drawn" 1 400
# And with programs of several files, each as one.
for program in tests/diag/part_*.pipe tests/diag/import_*.pipe tests/run/part_*.pipe tests/run/import.pipe; do
    for file in "${program%/*}"/files/*.pipe; do
        printf '\n//file files/%s\n' "${file##*/}"
        cat "$file"
    done >"$out/several"
    cat "$program" "$out/several" >"$out/drawn/several-$(basename "$program")"
done
"$out/target" -entropic=0 -max_total_time="${1:-60}" -timeout=10 -max_len=20000 -dict=tests/fuzz/pipe.dict \
    -artifact_prefix="$out/" "$out/corpus" "$out/drawn" examples tests/diag tests/emit tests/run
