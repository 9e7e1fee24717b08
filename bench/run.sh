# shellcheck shell=bash disable=SC2154 # bench.sh has the variables
# Part of bench.sh: reads the rows, and runs them.

declare -A job_of peers_of expected
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
        [ "$run" != sqlite ] || [[ $absent != *" sqlite "* ]] || continue
        runs+=("$run")
        job_of[$run]=$job
        peers_of[$run]=$peers
    done <bench/rows
    [ ${#runs[@]} -gt 0 ] || die "no run is called ${names[*]}; bench/rows has them all"
}

# What pipec's program for a job is called, and its options: sets `program` and `options`.
pipec_program() {
    local job=$1 argument value
    shift
    program=$job options=()
    for argument in "$@"; do
        value=${argument#*=}
        case $job:$argument in
        *stages:workers=*) program=stages-$value ;;
        merge:workers=*) program=merge-$value ;;
        uneven-two:workers=*) options+=("--workers=work=$value" "--workers=again=$value") ;;
        *:workers=*) options+=("--workers=work=$value") ;;
        *:size=*) program=size-$value ;;
        *:cap=0) program=$job-0 ;;
        *:pace=*) options+=("--pace=$value/s") ;;
        *) options+=("--$argument") ;;
        esac
    done
    [ "$job" != idle-stages ] || options+=(--idle)
}

# Sets `command` to how PEER does a job.
command_of() {
    local peer=$1 job=$2 program options
    shift 2
    case $peer:$job in
    pipec:*)
        pipec_program "$job" "$@"
        command=("$out/pipe-$program" "${options[@]}")
        ;;
    one-hop:*) # pipec's own, through a plain channel of that capacity
        pipec_program hop "$@"
        command=("$out/pipe-hop" "${options[@]}")
        ;;
    c:sqlite) command=("$out/sqlite" "$job" "$@") ;;
    limit:*) command=("$out/plain" share "$@" "workers=$(nproc)") ;;
    go:paced) command=("$out/go_rate" "$job" "$@") ;;
    *:waits) command_of "$peer" naps "$@" ;;
    *:inline) command_of "$peer" five "$@" ;;
    go:*) command=("$out/go" single "$job" "$@") ;;
    go-mutexes:*) command=("$out/go" mutexes "$job" "$@") ;;
    go-64:*) command=("$out/go" batch "$job" "$@") ;;
    pthreads:uneven* | pthreads:expand*) command=("$out/pthreads_uneven" "$job" "$@") ;;
    tbb-queue:uneven* | tbb-queue:expand*) command=("$out/tbb_uneven" queue "$job" "$@") ;;
    tbb-pipeline:uneven*) command=("$out/tbb_uneven" pipeline "$job" "$@") ;;
    tbb-pipeline:*) command=("$out/tbb_pipeline" single "$job" "$@") ;;
    tbb-pipeline-64:*) command=("$out/tbb_pipeline" batch "$job" "$@") ;;
    *) command=("$out/${peer//-/_}" "$job" "$@") ;;
    esac
}

# check_sum PEER JOB SUM ARGUMENT...: compares what arrived with what a loop without a queue says. A program that knows
# only itself how many items there are checks them, and says "ok".
check_sum() {
    local job=$2 sum=$3 key
    [ "$1" != limit ] || job=share
    [ "$1" != one-hop ] || job=hop
    shift 3
    key="$job $*"
    [ -n "${expected[$key]-}" ] || [ "$sum" = ok ] ||
        expected[$key]=$("$out/plain" "$job" "$@" | sed 's/.*sum=//')
    [ "$sum" = ok ] || [ "$sum" = "${expected[$key]}" ] || die "${command[*]} says $sum, not ${expected[$key]}"
}

# once PEER JOB ARGUMENT...: sets `line` to what it printed and what it cost, after comparing the answer
once() {
    local peer=$1 job=$2
    shift 2
    command_of "$peer" "$job" "$@"
    [ "$job" != uneven-read ] || command=("$out/feed" "$1" "${command[@]}") # the items come first
    line=$("$out/meter" "$tmp/cost" "${command[@]}") || die "${command[*]} failed"
    [[ $line =~ sum=([0-9]+|ok) ]] || die "${command[*]}: no sum in '$line'"
    check_sum "$peer" "$job" "${BASH_REMATCH[1]}" "$@"
    line="$line $(cat "$tmp/cost")"
}

most=100000000 # items of a run: every program takes so many

# fit PEER JOB [ARGUMENT...]: sets `items` so that one run takes about as long as is wanted. It looks at runs of at least
# half of that, since in a short one the threads' start counts most.
fit() {
    local peer=$1 job=$2 took grow
    shift 2
    items=1000
    while
        once "$peer" "$job" "items=$items" "$@"
        [[ $line =~ ns=([0-9]+) ]]
        took=$((BASH_REMATCH[1] * items / 1000000 + 1))
        [ $((took * 2)) -lt "$milliseconds" ] && [ "$items" -lt "$most" ]
    do
        grow=$((milliseconds / took))
        items=$((items * (grow < 2 ? 2 : grow > 16 ? 16 : grow)))
        [ "$items" -le "$most" ] || items=$most
    done
}

# takes_part PEER JOB: Go's rates are a package of its own.
takes_part() {
    [[ $absent != *" $1 "* ]] && { [ "$1:$2" != go:paced ] || [ -x "$out/go_rate" ]; } &&
        { [ -z "${PEERS-}" ] || [[ " $PEERS " == *" $1 "* ]]; }
}

# Microseconds of work as steps.
steps() {
    [ -n "${steps_of_us-}" ] || steps_of_us=$("$out/plain" calibrate | sed 's/steps=//')
    echo $((steps_of_us * ${1%us}))
}

# measure_items RUN JOB PEER... -- [ARGUMENT...]: where no number of items is given, each peer gets as many as it does in
# about the same time.
measure_items() {
    local run=$1 job=$2 peers=() arguments peer line items round program options
    local -A items_of
    shift 2
    while [ "$1" != -- ]; do
        peers+=("$1")
        shift
    done
    shift
    arguments=("$@")
    pipec_program "$job" "${arguments[@]}"
    build_pipe "$program"
    [[ " ${peers[*]} " != *" one-hop "* ]] || build_pipe hop
    for peer in "${peers[@]}"; do
        case " ${arguments[*]}" in
        *" items="* | *" pace="*) ;;
        *)
            fit "$peer" "$job" "${arguments[@]}"
            items_of[$peer]=items=$items
            ;;
        esac
    done
    for round in $(seq "$rounds"); do
        for peer in "${peers[@]}"; do
            # shellcheck disable=SC2086 # nothing where the number is given
            once "$peer" "$job" ${items_of[$peer]-} "${arguments[@]}"
            echo "$peer round=$round ${items_of[$peer]-} ${arguments[*]} $line" >>"$tmp/raw"
        done
    done
}

# Microseconds of work become steps, milliseconds of sleep microseconds; rounds=N is for here.
read_arguments() {
    local argument value
    arguments=()
    for argument in "$@"; do
        case $argument in
        steps=*us | toil=*us) arguments+=("${argument%%=*}=$(steps "${argument#*=}")") ;;
        nap=*ms) value=${argument#*=} && arguments+=("nap=$((${value%ms} * 1000))") ;;
        rounds=*) [ "$rounds" -le "${argument#*=}" ] || rounds=${argument#*=} ;;
        *) arguments+=("$argument") ;;
        esac
    done
}

measure() {
    local run=$1 peers=() job arguments peer rounds=$rounds
    # shellcheck disable=SC2086 # words
    read_arguments ${job_of[$run]}
    job=${arguments[0]}
    arguments=("${arguments[@]:1}")
    peers=(pipec)
    for peer in ${peers_of[$run]}; do
        takes_part "$peer" "$job" && peers+=("$peer")
    done
    echo "bench: $run" >&2
    : >"$tmp/raw"
    if [ "$job" = compile ]; then
        measure_compile "$run" "${arguments[0]}"
    elif [ "$job" = drawn ]; then
        measure_drawn "${arguments[0]}" "${peers[@]}"
    elif is_whole "$job"; then
        measure_whole "$run" "$job" "${arguments[0]-}" "${peers[@]}"
    else
        measure_items "$run" "$job" "${peers[@]}" -- "${arguments[@]}"
    fi
    mv "$tmp/raw" "$raw/$run"
}
