// Bodies that are mostly quick and sometimes slow, and bodies that send more or fewer items: see uneven.h.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const number = 0xffffffff

func draw(x, stage uint64) uint64 {
	x += (stage + 1) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (j job) isSlow(stage, n uint64) bool {
	if j.every > 0 {
		return (n+stage*(j.every/4))%j.every == j.every/2
	}
	return j.odds > 0 && draw(n, stage)%j.odds == 0
}

// A body of stage 0, 1, ...
func (j job) body(stage uint64) func(uint64) uint64 {
	return func(x uint64) uint64 {
		n, steps := x&number, j.steps
		if j.isSlow(stage, n) {
			time.Sleep(time.Duration(j.nap) * time.Microsecond)
			steps += j.toil + 1
		}
		return n | work(x, steps)&^number
	}
}

// The workers of a stage share its input; after the last of them the output is closed.
func pass(workers uint64, in <-chan uint64, body func(uint64, chan<- uint64), buffer int) <-chan uint64 {
	var group sync.WaitGroup
	out := make(chan uint64, buffer)
	for i := uint64(0); i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for x := range in {
				body(x, out)
			}
		}()
	}
	go func() {
		group.Wait()
		close(out)
	}()
	return out
}

func (j job) passBody(stage uint64, in <-chan uint64) <-chan uint64 {
	body := j.body(stage)
	return pass(j.workers, in, func(x uint64, out chan<- uint64) { out <- body(x) }, j.cap)
}

// The workers of the last stage add up what they make.
func (j job) addBody(stage uint64, in <-chan uint64) (sum uint64) {
	sums := make(chan uint64)
	for i := uint64(0); i < j.workers; i++ {
		go func() {
			body, sum := j.body(stage), uint64(0)
			for x := range in {
				sum += body(x)
			}
			sums <- sum
		}()
	}
	for i := uint64(0); i < j.workers; i++ {
		sum += <-sums
	}
	return sum
}

func (j job) numbers() <-chan uint64 {
	out := make(chan uint64, j.cap)
	go func() {
		source(0, j.items, out)
		close(out)
	}()
	return out
}

// The numbers that come on the standard input.
func (j job) readNumbers() <-chan uint64 {
	out := make(chan uint64, j.cap)
	go func() {
		var block [4096]byte
		for {
			n, err := os.Stdin.Read(block[:])
			for at := 0; at+8 <= n; at += 8 {
				out <- binary.LittleEndian.Uint64(block[at:])
			}
			if err != nil {
				break
			}
		}
		close(out)
	}()
	return out
}

func uneven(j job) uint64     { return sink(j.passBody(0, j.numbers())) }
func unevenRead(j job) uint64 { return sink(j.passBody(0, j.readNumbers())) }
func unevenEnd(j job) uint64  { return j.addBody(0, j.numbers()) }
func unevenTwo(j job) uint64  { return j.addBody(1, j.passBody(0, j.numbers())) }

func unevenOrdered(j job) uint64 { return inOrder(j, j.body(0)) }

// An expander sends 0 to 4 items for each.
func expandItem(x, stage uint64, out chan<- uint64) {
	for i, n := uint64(0), draw(x, stage)%5; i < n; i++ {
		out <- triple(x) + i
	}
}

func expand(j job, stages uint64) uint64 {
	in := j.numbers()
	for stage := uint64(0); stage < stages; stage++ {
		stage, workers := stage, uint64(4)
		if stage == 0 {
			workers = 8
		}
		in = pass(workers, in, func(x uint64, out chan<- uint64) { expandItem(x, stage, out) }, j.cap)
	}
	return sink(in)
}

func expandTwo(j job) uint64   { return expand(j, 2) }
func expandThree(j job) uint64 { return expand(j, 3) }

// Very many senders that wait for room at once: nothing is received until all of them wait, see senders.h.
func senders(j job) uint64 {
	var come uint64
	var group sync.WaitGroup
	a, n := make(chan uint64, j.cap), j.items/j.workers
	for i := uint64(0); i < j.workers; i++ {
		group.Add(1)
		go func(i uint64) {
			defer group.Done()
			atomic.AddUint64(&come, 1)
			source(i*n, (i+1)*n, a)
		}(i)
	}
	go func() {
		group.Wait()
		close(a)
	}()
	until := time.Now().Add(2 * time.Second)
	for atomic.LoadUint64(&come) < j.workers && time.Now().Before(until) {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Millisecond)
	fmt.Printf("waiting=%d ", atomic.LoadUint64(&come))
	start := time.Now()
	sum := sink(a)
	fmt.Printf("drain=%.3f ", float64(time.Since(start).Nanoseconds())/float64(j.items))
	return sum
}
