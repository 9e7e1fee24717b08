# shellcheck shell=bash disable=SC2154 # who sources it has the patterns
# Which cases a script was asked for. Source it after patterns=("$@").

# wanted NAME: whether NAME contains one of the patterns; without any, all are wanted
wanted() {
    local pattern
    [ ${#patterns[@]} -eq 0 ] && return 0
    for pattern in "${patterns[@]}"; do
        [[ $1 == *"$pattern"* ]] && return 0
    done
    return 1
}
