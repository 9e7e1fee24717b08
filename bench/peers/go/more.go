// How cost grows, and what idling costs.
package main

import (
	"fmt"
	"syscall"
	"time"
)

// As many stages as workers, one behind the other; between source and sink each adds 1.
func stages(j job) uint64 {
	return runStages(j, func() {})
}

func runStages(j job, atEnd func()) uint64 {
	first := make(chan uint64, j.cap)
	go func() {
		source(0, j.items, first)
		atEnd()
		close(first)
	}()
	in := first
	for i := uint64(2); i < j.workers; i++ {
		out := make(chan uint64, j.cap)
		go func(in <-chan uint64, out chan<- uint64) {
			for x := range in {
				out <- x + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	return sink(in)
}

func cpu() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Waits until what came before has settled, then two seconds; prints the share of a core that went meanwhile.
func measureIdle() {
	time.Sleep(500 * time.Millisecond)
	before := cpu()
	time.Sleep(2 * time.Second)
	fmt.Printf("idle=%.4f ", 100*float64(cpu()-before)/float64(2*time.Second))
}

func idleStages(j job) uint64 {
	return runStages(j, measureIdle)
}

func idle(j job) uint64 {
	return runPool(j, measureIdle)
}

// Items of so many bytes, by value.
type sized interface {
	[1]uint64 | [8]uint64 | [64]uint64 | [512]uint64
}

func hopOf[T sized](j job) (sum uint64) {
	a := make(chan T, j.cap)
	go func() {
		for i := uint64(0); i < j.items; i++ {
			var x T
			x[0] = i
			a <- x
		}
		close(a)
	}()
	for x := range a {
		sum += x[0]
	}
	return sum
}

func size(j job) uint64 {
	switch j.size {
	case 8:
		return hopOf[[1]uint64](j)
	case 64:
		return hopOf[[8]uint64](j)
	case 512:
		return hopOf[[64]uint64](j)
	case 4096:
		return hopOf[[512]uint64](j)
	}
	fail("size: 8, 64, 512 or 4096 is wanted")
	return 0
}
