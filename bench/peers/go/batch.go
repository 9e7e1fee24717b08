// Slices of 64 items. A channel holds cap / 64 of them, so that as many items wait in it.
package main

import "sync"

const batch = 64

func batches(items int) chan []uint64 {
	return make(chan []uint64, (items+batch-1)/batch)
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

func batchSink(in <-chan []uint64) (sum uint64) {
	for xs := range in {
		for _, x := range xs {
			sum += x
		}
	}
	return sum
}

func batchHop(j job) uint64 {
	a := batches(j.cap)
	go batchSource(j.items, a)
	return batchSink(a)
}

func batchFive(j job) uint64 {
	a, b, c, d := batches(j.cap), batches(j.cap), batches(j.cap), batches(j.cap)
	go batchSource(j.items, a)
	go func() {
		for xs := range a {
			for i, x := range xs {
				xs[i] = triple(x)
			}
			b <- xs
		}
		close(b)
	}()
	go func() {
		for xs := range b {
			for i, x := range xs {
				xs[i] = fold(x)
			}
			c <- xs
		}
		close(c)
	}()
	go func() {
		for xs := range c {
			for i, x := range xs {
				xs[i] = shift(x)
			}
			d <- xs
		}
		close(d)
	}()
	return batchSink(d)
}

func batchPool(j job) uint64 {
	a, b := batches(j.cap), batches(j.cap)
	var workers sync.WaitGroup
	go batchSource(j.items, a)
	for i := uint64(0); i < j.workers; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for xs := range a {
				for i, x := range xs {
					xs[i] = work(x, j.steps)
				}
				b <- xs
			}
		}()
	}
	go func() {
		workers.Wait()
		close(b)
	}()
	return batchSink(b)
}
