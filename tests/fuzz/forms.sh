#!/usr/bin/env bash
# Searches for text that breaks the reading of records, with libFuzzer (clang), until it finds some or the time is over.
#
#   tests/fuzz/forms.sh [SECONDS]      default 60
#
# What it finds and the texts that reach new code are left below build/fuzz.
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD:-build}/fuzz
mkdir -p "$out/forms" "$out/forms-first"

clang -std=c11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined,fuzzer -fno-sanitize-recover=undefined -Iruntime/include -Iruntime \
    tests/fuzz/forms.c runtime/record/*.c runtime/form/*.c runtime/text/*.c -o "$out/forms-target" -lm
# It begins with the texts of the cases, each as one.
grep -v '^#' tests/unit/json.cases | grep -v '^$' | awk -F '\t' -v out="$out/forms-first" \
    '{ print "{\"" (NR % 2 ? "numbers" : NR % 3 ? "name" : "at") "\":" $2 "}" >(out "/" NR); close(out "/" NR) }'
grep -v '^#' tests/unit/csv.cases | grep -v '^$' | awk -F '\t' -v out="$out/forms-first" \
    '{ print "id,name,open,country,a,c\n" $2 "\n" $1 "\n" $2 >(out "/csv" NR); close(out "/csv" NR) }'
cat >"$out/forms-first/whole" <<'EOF'
{"open":true,"id":7,"name":"Bay \"\u00e9\ud83d\ude00","country":"fi","at":{"lat":60.1699,"lon":-1e-7,"street":null},
"tags":["a",null,""],"doors":[{},{"lat":1}],"pictures":["AAA=",null],"marks":[1,-0.5,0],"a":-128,"b":1e3,"c":-9223372036854775808,"d":255,
"e":65535,"ä":4294967295,"numbers":[18446744073709551615],"more":[{"x":[1,2.5e-3,"\\"]},true]}
EOF
"$out/forms-target" -max_total_time="${1:-60}" -timeout=10 -max_len=4000 -dict=tests/fuzz/json.dict \
    -artifact_prefix="$out/" "$out/forms" "$out/forms-first"
