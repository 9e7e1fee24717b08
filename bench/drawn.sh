# shellcheck shell=bash disable=SC2154 # bench.sh has the variables
# Part of bench.sh: pipelines drawn at random. Each runs once; how long, beside the ideal of its draw.

drawn_command() {
    case $1 in
    pipec) command=("$out/pipe-drawn-$2") ;;
    go) command=("$out/go" drawn "${stages[@]}") ;;
    esac
}

# Prints a line for each seed, too: which of them is far from its ideal is what one wants to know.
measure_drawn() {
    local seeds=$1 seed peer ideal items line stages
    shift
    [ -z "${ROUNDS-}" ] || [ "$seeds" -le "$ROUNDS" ] || seeds=$ROUNDS
    for seed in $(seq "$seeds"); do
        build_pipe "drawn-$seed"
        ideal=$("$out/drawn" ideal "$seed")
        read -ra stages <<<"$("$out/drawn" stages "$seed")"
        items=${stages[0]#items=}
        for peer in "$@"; do
            drawn_command "$peer" "$seed"
            line=$("$out/meter" "$tmp/cost" "${command[@]}") || die "${command[*]} failed"
            [ "${line#* }" = "${ideal#* }" ] || die "${command[*]} says ${line#* }, not ${ideal#* }"
            awk -v peer="$peer" -v seed="$seed" -v items="$items" -v ideal="${ideal%% *}" -v line="$line" '{
                split(ideal, least, "=")
                split(line, took, /[= ]/)
                printf "%s round=%d items=%d %s %s times=%.3f %s\n", peer, seed, items, ideal, line,
                    took[2] * items / 1e9 / least[2], $0
            }' "$tmp/cost" >>"$tmp/raw"
        done
        echo "bench: drawn $seed: ${ideal%% *} s, $(awk -v seed="round=$seed" '$2 == seed {
            match($0, /times=[0-9.]*/)
            printf "%s%s %s", sep, $1, substr($0, RSTART, RLENGTH)
            sep = ", "
        }' "$tmp/raw")" >&2
    done
}
