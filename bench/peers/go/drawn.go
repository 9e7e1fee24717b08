// A pipeline that was drawn at random, see drawn.c.
package main

import (
	"fmt"
	"time"
)

type drawnStage struct {
	job     job // workers, odds, nap, and the capacity behind it
	expands int
}

func parseStage(arg string) (s drawnStage) {
	j := &s.job
	if _, err := fmt.Sscanf(arg, "%d:%d:%d:%d:%d", &j.workers, &j.odds, &j.nap, &s.expands, &j.cap); err != nil {
		fail(arg + ": WORKERS:ODDS:NAP:EXPANDS:CAP is wanted")
	}
	return s
}

// items=N cap=N STAGE...
func drawn(args []string) {
	if len(args) < 2 {
		fail("usage: go drawn items=N cap=N WORKERS:ODDS:NAP:EXPANDS:CAP...")
	}
	j := parse(args[:2])
	start := time.Now()
	in := j.numbers()
	for i, arg := range args[2:] {
		stage, s := uint64(i), parseStage(arg)
		if s.expands == 0 {
			in = s.job.passBody(stage, in)
			continue
		}
		body := s.job.body(stage)
		in = pass(s.job.workers, in, func(x uint64, out chan<- uint64) { expandItem(body(x), stage, out) }, s.job.cap)
	}
	printResult(start, j.items, sink(in))
}
