#!/usr/bin/env bash
# Searches for text that breaks the reading of records, with libFuzzer (clang), until it finds some or the time is over.
#
#   tests/fuzz/forms.sh [json|csv] [SECONDS]      both, 60 s
#
# What it finds and the texts that reach new code are left below build/fuzz.
set -eu
cd "$(dirname "$0")/../.."
out=${BUILD:-build}/fuzz
form=forms with=()
case ${1-} in
json) form=json with=(-DWITH_CSV=0) ;;
csv) form=csv with=(-DWITH_JSON=0) ;;
esac
[ $form = forms ] || shift
target=$out/$form-target corpus=$out/$form first=$out/$form-first
rm -rf "$first"
mkdir -p "$corpus" "$first"

clang -std=c11 -D_GNU_SOURCE "${with[@]}" -O1 -g -fsanitize=address,undefined,fuzzer -fno-sanitize-recover=undefined -Iruntime/include -Iruntime \
    tests/fuzz/forms.c runtime/record/*.c runtime/form/*.c runtime/text/*.c -o "$target" -lm
# It begins with the texts of the cases, each as one.
[ $form = csv ] || grep -v '^#' tests/unit/json.cases | grep -v '^$' | awk -F '\t' -v out="$first" \
    '{ print "{\"" (NR % 2 ? "numbers" : NR % 3 ? "name" : "at") "\":" $2 "}" >(out "/" NR); close(out "/" NR) }'
[ $form = json ] || grep -v '^#' tests/unit/csv.cases | grep -v '^$' | awk -F '\t' -v out="$first" \
    '{ print "id,name,open,country,a,c\n" $2 "\n" $1 "\n" $2 >(out "/csv" NR); close(out "/csv" NR) }'
cat >"$first/whole" <<'EOF'
{"open":true,"id":7,"name":"Bay \"\u00e9\ud83d\ude00","country":"fi","at":{"lat":60.1699,"lon":-1e-7,"street":null},
"tags":["a",null,""],"doors":[{},{"lat":1}],"pictures":["AAA=",null],"marks":[1,-0.5,0],"a":-128,"b":1e3,"c":-9223372036854775808,"d":255,
"e":65535,"ä":4294967295,"numbers":[18446744073709551615],"more":[{"x":[1,2.5e-3,"\\"]},true]}
EOF
"$target" -max_total_time="${1:-60}" -timeout=10 -max_len=4000 -dict=tests/fuzz/json.dict \
    -artifact_prefix="$out/$form-" "$corpus" "$first"
