// Single items whose time on the way is measured.
package main

import (
	"fmt"
	"math/rand"
	"sort"
	"time"
)

type latency []int

func (l *latency) add(d time.Duration) { *l = append(*l, int(d.Nanoseconds())) }

func (l latency) print() {
	sort.Ints(l)
	fmt.Printf("p50=%d p99=%d ", l[len(l)/2], l[len(l)*99/100])
}

// An item goes to another goroutine and comes back before the next one sets out.
func trip(j job) (sum uint64) {
	forth, back := make(chan uint64, 1), make(chan uint64, 1)
	go func() {
		for x := range forth {
			back <- x
		}
	}()
	l := make(latency, 0, j.items)
	at := time.Now()
	for i := uint64(0); i < j.items; i++ {
		forth <- i
		sum += <-back
		now := time.Now()
		l.add(now.Sub(at))
		at = now
	}
	close(forth)
	l.print()
	return sum
}

// The first item after 1 ms of silence.
func silence(j job) (sum uint64) {
	a := make(chan uint64, j.cap)
	sent := make([]time.Time, j.items)
	go func() {
		for i := uint64(0); i < j.items; i++ {
			time.Sleep(time.Millisecond)
			sent[i] = time.Now()
			a <- i
		}
		close(a)
	}()
	l := make(latency, 0, j.items)
	for x := range a {
		l.add(time.Since(sent[x]))
		sum += x
	}
	l.print()
	return sum
}

// As many goroutines as workers, each of which waits 10 ms with each task.
func naps(j job) (sum uint64) {
	a, b := make(chan uint64, j.cap), make(chan uint64, j.cap)
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	for i := uint64(0); i < j.workers; i++ {
		go func() {
			for x := range a {
				time.Sleep(10 * time.Millisecond)
				b <- x
			}
		}()
	}
	for i := uint64(0); i < j.items; i++ {
		sum += <-b
	}
	return sum
}

// Each item fails once, and comes back by a timer of its own, which sends it to the channel of those to be tried again.
func backoff(j job) (sum uint64) {
	a, again := make(chan uint64, j.cap), make(chan uint64, j.cap)
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	try := func(x uint64) bool {
		if x>>63 == 1 {
			sum += x << 1 >> 1
			return true
		}
		delay := 750*time.Millisecond + time.Duration(rand.Int63n(int64(500*time.Millisecond)))
		time.AfterFunc(delay, func() { again <- x | 1<<63 })
		return false
	}
	for x := range a {
		try(x)
	}
	for done := uint64(0); done < j.items; {
		if try(<-again) {
			done++
		}
	}
	return sum
}
