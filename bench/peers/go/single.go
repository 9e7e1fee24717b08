// Single items.
package main

import "sync"

func source(from, to uint64, out chan<- uint64) {
	for i := from; i < to; i++ {
		out <- i
	}
}

func sink(in <-chan uint64) (sum uint64) {
	for x := range in {
		sum += x
	}
	return sum
}

// A loop over the receivers' channels, each of which gets every item.
func cast(j job) uint64 {
	var outs [4]chan uint64
	var sums [4]uint64
	var wait sync.WaitGroup
	for i := range outs {
		outs[i] = make(chan uint64, j.cap)
		wait.Add(1)
		go func(i int) {
			sums[i] = sink(outs[i])
			wait.Done()
		}(i)
	}
	for x := uint64(0); x < j.items; x++ {
		for _, out := range outs {
			out <- x
		}
	}
	for _, out := range outs {
		close(out)
	}
	wait.Wait()
	return sums[0] + sums[1] + sums[2] + sums[3]
}

func hop(j job) uint64 {
	a := make(chan uint64, j.cap)
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	return sink(a)
}

func five(j job) uint64 {
	a, b := make(chan uint64, j.cap), make(chan uint64, j.cap)
	c, d := make(chan uint64, j.cap), make(chan uint64, j.cap)
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	go func() {
		for x := range a {
			b <- triple(x)
		}
		close(b)
	}()
	go func() {
		for x := range b {
			c <- fold(x)
		}
		close(c)
	}()
	go func() {
		for x := range c {
			d <- shift(x)
		}
		close(d)
	}()
	return sink(d)
}

func pool(j job) uint64 {
	return runPool(j, func() {})
}

func runPool(j job, atEnd func()) uint64 {
	a, b := make(chan uint64, j.cap), make(chan uint64, j.cap)
	var workers sync.WaitGroup
	go func() {
		source(0, j.items, a)
		atEnd()
		close(a)
	}()
	for i := uint64(0); i < j.workers; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for x := range a {
				b <- work(x, j.steps)
			}
		}()
	}
	go func() {
		workers.Wait()
		close(b)
	}()
	return sink(b)
}

// Four senders and four receivers on one channel.
func many(j job) (sum uint64) {
	a, sums := make(chan uint64, j.cap), make(chan uint64, 4)
	var senders sync.WaitGroup
	for i := uint64(0); i < 4; i++ {
		senders.Add(1)
		go func(i uint64) {
			defer senders.Done()
			source(j.items*i/4, j.items*(i+1)/4, a)
		}(i)
		go func() { sums <- sink(a) }()
	}
	senders.Wait()
	close(a)
	for i := 0; i < 4; i++ {
		sum += <-sums
	}
	return sum
}
