// The same jobs with goroutines and channels, as people write them: single items, or slices of 64 by hand.
//
//	channels five|hop|pool|five-batch|hop-batch|pool-batch ITEMS CAP
//
// prints nanoseconds per item and the sum of what arrived. A channel of slices holds CAP / 64 of them, so that as many
// items wait in it.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	pool  = 4
	batch = 64
)

func triple(x uint64) uint64 { return x*3 + 1 }
func fold(x uint64) uint64   { return x ^ x>>7 }
func shift(x uint64) uint64  { return x + 11 }

func source(items uint64, out chan<- uint64) {
	for i := uint64(0); i < items; i++ {
		out <- i
	}
	close(out)
}

func stage(in <-chan uint64, out chan<- uint64, work func(uint64) uint64) {
	for x := range in {
		out <- work(x)
	}
}

func closing(in <-chan uint64, out chan<- uint64, work func(uint64) uint64) {
	stage(in, out, work)
	close(out)
}

func sink(in <-chan uint64) (sum uint64) {
	for x := range in {
		sum += x
	}
	return sum
}

func runFive(items uint64, size int) uint64 {
	a, b, c, d := make(chan uint64, size), make(chan uint64, size), make(chan uint64, size), make(chan uint64, size)
	go source(items, a)
	go closing(a, b, triple)
	go closing(b, c, fold)
	go closing(c, d, shift)
	return sink(d)
}

func runHop(items uint64, size int) uint64 {
	a := make(chan uint64, size)
	go source(items, a)
	return sink(a)
}

func runPool(items uint64, size int) uint64 {
	a, b := make(chan uint64, size), make(chan uint64, size)
	var workers sync.WaitGroup
	go source(items, a)
	for i := 0; i < pool; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			stage(a, b, triple)
		}()
	}
	go func() {
		workers.Wait()
		close(b)
	}()
	return sink(b)
}

func batchSource(items uint64, out chan<- []uint64) {
	for i := uint64(0); i < items; {
		xs := make([]uint64, 0, batch)
		for ; i < items && len(xs) < batch; i++ {
			xs = append(xs, i)
		}
		out <- xs
	}
	close(out)
}

func batchStage(in <-chan []uint64, out chan<- []uint64, work func(uint64) uint64) {
	for xs := range in {
		for i, x := range xs {
			xs[i] = work(x)
		}
		out <- xs
	}
}

func batchClosing(in <-chan []uint64, out chan<- []uint64, work func(uint64) uint64) {
	batchStage(in, out, work)
	close(out)
}

func batchSink(in <-chan []uint64) (sum uint64) {
	for xs := range in {
		for _, x := range xs {
			sum += x
		}
	}
	return sum
}

func batches(size int) chan []uint64 {
	return make(chan []uint64, (size+batch-1)/batch)
}

func runFiveBatch(items uint64, size int) uint64 {
	a, b, c, d := batches(size), batches(size), batches(size), batches(size)
	go batchSource(items, a)
	go batchClosing(a, b, triple)
	go batchClosing(b, c, fold)
	go batchClosing(c, d, shift)
	return batchSink(d)
}

func runHopBatch(items uint64, size int) uint64 {
	a := batches(size)
	go batchSource(items, a)
	return batchSink(a)
}

func runPoolBatch(items uint64, size int) uint64 {
	a, b := batches(size), batches(size)
	var workers sync.WaitGroup
	go batchSource(items, a)
	for i := 0; i < pool; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			batchStage(a, b, triple)
		}()
	}
	go func() {
		workers.Wait()
		close(b)
	}()
	return batchSink(b)
}

func main() {
	jobs := map[string]func(uint64, int) uint64{
		"five": runFive, "hop": runHop, "pool": runPool,
		"five-batch": runFiveBatch, "hop-batch": runHopBatch, "pool-batch": runPoolBatch,
	}
	if len(os.Args) == 4 && jobs[os.Args[1]] != nil {
		items, err := strconv.ParseUint(os.Args[2], 10, 64)
		size, err2 := strconv.Atoi(os.Args[3])
		if err == nil && err2 == nil && items > 0 && size > 0 {
			start := time.Now()
			sum := jobs[os.Args[1]](items, size)
			fmt.Printf("%.2f %d\n", float64(time.Since(start).Nanoseconds())/float64(items), sum)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: channels five|hop|pool|five-batch|hop-batch|pool-batch ITEMS CAP")
	os.Exit(2)
}
