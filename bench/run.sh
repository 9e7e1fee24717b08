# Part of bench.sh: reads the rows, and runs them.

declare -A job_of peers_of expected built
runs=()

wanted() {
    local name
    [ ${#names[@]} -gt 0 ] || return 0
    for name in "${names[@]}"; do
        [[ $1 != "$name"* ]] || return 0
    done
    return 1
}

read_rows() {
    local run job peers
    while IFS='|' read -r run job peers; do
        if [[ $run == "quick "* && -n $quick && ${#names[@]} -eq 0 ]]; then
            read -ra names <<<"${run#quick }"
        fi
        run=${run// /}
        [ -n "$run" ] && [[ $run != [#=]* && $run != quick* ]] && wanted "$run" || continue
        runs+=("$run")
        job_of[$run]=$job
        peers_of[$run]=$peers
    done <bench/rows
    [ ${#runs[@]} -gt 0 ] || die "no run is called ${names[*]}; bench/rows has them all"
}

# Sets `command` to how PEER does a job.
command_of() {
    local peer=$1 job=$2 argument
    shift 2
    case $peer in
    pipec)
        command=("$out/pipe-$job")
        for argument in "$@"; do
            case $argument in
            workers=*) command+=("--workers=work=${argument#*=}") ;;
            *) command+=("--$argument") ;;
            esac
        done
        ;;
    limit) command=("$out/plain" share "$@" "workers=$(nproc)") ;;
    go) command=("$out/go" single "$job" "$@") ;;
    go-64) command=("$out/go" batch "$job" "$@") ;;
    tbb-pipeline) command=("$out/tbb_pipeline" single "$job" "$@") ;;
    tbb-pipeline-64) command=("$out/tbb_pipeline" batch "$job" "$@") ;;
    *) command=("$out/${peer//-/_}" "$job" "$@") ;;
    esac
}

# once PEER JOB ITEMS [ARGUMENT...]: sets `line` to what it printed and what it cost, after comparing the answer
once() {
    local peer=$1 job=$2 items=$3 key sum
    shift 3
    command_of "$peer" "$job" "items=$items" "$@"
    line=$("$out/meter" "$tmp/cost" "${command[@]}") || die "${command[*]} failed"
    [[ $line =~ sum=([0-9]+) ]] || die "${command[*]}: no sum in '$line'"
    sum=${BASH_REMATCH[1]}
    key="$job $items $*"
    [ -n "${expected[$key]-}" ] ||
        expected[$key]=$("$out/plain" "$job" "items=$items" "$@" | sed 's/.*sum=//')
    [ "$sum" = "${expected[$key]}" ] || die "${command[*]} says $sum, not ${expected[$key]}"
    line="$line $(cat "$tmp/cost")"
}

# fit PEER JOB [ARGUMENT...]: sets `items` so that one run takes about as long as is wanted
fit() {
    local peer=$1 job=$2 took
    shift 2
    items=1000
    while
        once "$peer" "$job" "$items" "$@"
        [[ $line =~ ns=([0-9]+) ]]
        took=$((BASH_REMATCH[1] * items / 1000000))
        [ $((took * 8)) -lt "$milliseconds" ] && [ $items -lt 100000000 ]
    do
        items=$((items * 8))
    done
    [ $took -eq 0 ] || items=$((items * milliseconds / took))
    items=$((items < 100 ? 100 : items / 100 * 100))
}

# Nanoseconds of work as steps.
steps() {
    [ -n "${steps_of_us-}" ] || steps_of_us=$("$out/plain" calibrate | sed 's/steps=//')
    echo $((steps_of_us * ${1%us}))
}

# measure_items RUN JOB PEER... -- [ARGUMENT...]
measure_items() {
    local run=$1 job=$2 peers=() arguments peer line items round
    local -A items_of
    shift 2
    while [ "$1" != -- ]; do
        peers+=("$1")
        shift
    done
    shift
    arguments=("$@")
    [ -n "${built[$job]-}" ] || build_pipe "$job"
    built[$job]=yes
    for peer in "${peers[@]}"; do
        fit "$peer" "$job" "${arguments[@]}"
        items_of[$peer]=$items
    done
    for round in $(seq "$rounds"); do
        for peer in "${peers[@]}"; do
            once "$peer" "$job" "${items_of[$peer]}" "${arguments[@]}"
            echo "$peer round=$round items=${items_of[$peer]} $line" >>"$raw/$run.new"
        done
    done
}

measure() {
    local run=$1 peers=() job arguments=() peer i
    read -ra arguments <<<"${job_of[$run]}"
    job=${arguments[0]}
    arguments=("${arguments[@]:1}")
    for i in "${!arguments[@]}"; do
        case ${arguments[i]} in
        steps=*us) arguments[i]=steps=$(steps "${arguments[i]#*=}") ;;
        esac
    done
    for peer in pipec ${peers_of[$run]}; do
        [[ $absent == *" $peer "* ]] || peers+=("$peer")
    done
    echo "bench: $run" >&2
    : >"$raw/$run.new"
    if [ "$job" = compile ]; then
        measure_compile "$run" "${arguments[0]}"
    elif is_whole "$job"; then
        measure_whole "$run" "$job" "${arguments[0]-}" "${peers[@]}"
    else
        measure_items "$run" "$job" "${peers[@]}" -- "${arguments[@]}"
    fi
    mv "$raw/$run.new" "$raw/$run"
}
