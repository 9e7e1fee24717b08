// A pool whose results come in the order of the input: with each task goes a channel for its result, and the same
// channels, in order, to the one who collects.
package main

func addNext(sum, x uint64) uint64 { return sum*31 + x }

type task struct {
	x      uint64
	result chan uint64
}

func ordered(j job) uint64 {
	return inOrder(j, func(x uint64) uint64 { return work(x, j.steps) })
}

func inOrder(j job, body func(uint64) uint64) (sum uint64) {
	tasks, order := make(chan task, j.cap), make(chan chan uint64, j.cap)
	go func() {
		for i := uint64(0); i < j.items; i++ {
			result := make(chan uint64, 1)
			order <- result
			tasks <- task{i, result}
		}
		close(order)
		close(tasks)
	}()
	for i := uint64(0); i < j.workers; i++ {
		go func() {
			for t := range tasks {
				t.result <- body(t.x)
			}
		}()
	}
	for result := range order {
		sum = addNext(sum, <-result)
	}
	return sum
}

type batchTask struct {
	xs     []uint64
	result chan []uint64
}

func batchOrdered(j job) (sum uint64) {
	tasks, order := make(chan batchTask, j.cap/batch), make(chan chan []uint64, j.cap/batch)
	source := batches(0)
	go batchSource(j.items, source)
	go func() {
		for xs := range source {
			result := make(chan []uint64, 1)
			order <- result
			tasks <- batchTask{xs, result}
		}
		close(order)
		close(tasks)
	}()
	for i := uint64(0); i < j.workers; i++ {
		go func() {
			for t := range tasks {
				for i, x := range t.xs {
					t.xs[i] = work(x, j.steps)
				}
				t.result <- t.xs
			}
		}()
	}
	for result := range order {
		for _, x := range <-result {
			sum = addNext(sum, x)
		}
	}
	return sum
}
