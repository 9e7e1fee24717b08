// With goroutines and channels: single items, as people write it, or slices of 64 that the author passes by hand.
//
//	go single|batch JOB [items=N] [cap=N] [workers=N] [steps=N] …
//	go drawn items=N cap=N STAGE…
//
// See job.h for what is printed.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

type job struct {
	items, workers, steps, size uint64
	every, odds, nap, toil      uint64 // see uneven.h
	keys, zipf                  uint64 // see keys.h
	cap                         int
}

func triple(x uint64) uint64 { return x*3 + 1 }
func fold(x uint64) uint64   { return x ^ x>>7 }
func shift(x uint64) uint64  { return x + 11 }

func work(x, steps uint64) uint64 {
	x = triple(x)
	for i := uint64(0); i < steps; i++ {
		x = (x ^ x>>29) * 0xbf58476d1ce4e5b9
	}
	return x
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "bench: go:", why)
	os.Exit(2)
}

func parse(args []string) (j job) {
	j = job{items: 1000000, cap: 256, workers: 4, keys: 1000}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			fail(arg + ": NAME=NUMBER is wanted")
		}
		switch name {
		case "items":
			j.items = n
		case "cap":
			j.cap = int(n)
		case "workers":
			j.workers = n
		case "steps":
			j.steps = n
		case "size":
			j.size = n
		case "every":
			j.every = n
		case "odds":
			j.odds = n
		case "nap":
			j.nap = n
		case "asleep": // a goroutine that sleeps keeps no thread
		case "toil":
			j.toil = n
		case "keys":
			j.keys = n
		case "zipf":
			j.zipf = n
		default:
			fail("no such argument: " + arg)
		}
	}
	return j
}

func printResult(start time.Time, items, sum uint64) {
	fmt.Printf("ns=%.3f sum=%d\n", float64(time.Since(start).Nanoseconds())/float64(items), sum)
}

func main() {
	jobs := map[string]func(job) uint64{
		"single hop": hop, "single five": five, "single pool": pool, "single many": many,
		"single trip": trip, "single silence": silence, "single naps": naps, "single backoff": backoff,
		"single ordered": ordered, "batch ordered": batchOrdered,
		"single stages": stages, "single size": size,
		"single idle": idle, "single idle-stages": idleStages,
		"single uneven": uneven, "single uneven-end": unevenEnd, "single uneven-two": unevenTwo,
		"single uneven-read": unevenRead, "single uneven-ordered": unevenOrdered,
		"single expand-two": expandTwo, "single expand-three": expandThree, "single senders": senders,
		"single zip": zip, "single batches": gather, "single prefer": prefer,
		"single cast": cast, "single merge": merge, "single dropping": dropping,
		"batch hop": batchHop, "batch five": batchFive, "batch pool": batchPool,
	}
	if len(os.Args) > 1 && os.Args[1] == "drawn" {
		drawn(os.Args[2:])
		return
	}
	keyedJobs := map[string]func(job) (sum, done uint64){
		"single by": byShards, "mutexes by": byMutexes, "single bound-per": byMutexes, "single rate-per": ratePer,
		"single gather-per": gatherPer,
		"single sleeper-by": sleeperBy, "mutexes sleeper-bound": sleeperMutexes, "single sleeper-bound": sleeperBy,
	}
	if len(os.Args) > 2 && keyedJobs[os.Args[1]+" "+os.Args[2]] != nil {
		j := parse(os.Args[3:])
		_, done := keyedJobs[os.Args[1]+" "+os.Args[2]](j)
		if done != j.items {
			fail("some items are missing")
		}
		fmt.Printf("ns=%.3f sum=ok\n", float64(time.Since(keysStart).Nanoseconds())/float64(j.items))
		return
	}
	if len(os.Args) < 3 || jobs[os.Args[1]+" "+os.Args[2]] == nil {
		fail("usage: go single|batch JOB [items=N] [cap=N] [workers=N] [steps=N]")
	}
	j := parse(os.Args[3:])
	start := time.Now()
	printResult(start, j.items, jobs[os.Args[1]+" "+os.Args[2]](j))
}
