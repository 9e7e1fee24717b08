// Inputs that take more than the next item of one channel.
package main

import "time"

func zip(j job) (sum uint64) {
	a, left, right := make(chan uint64, j.cap), make(chan uint64, j.cap), make(chan uint64, j.cap)
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	go func() {
		for x := range a {
			left <- x
			right <- fold(x)
		}
		close(left)
		close(right)
	}()
	for x := range left {
		sum += x*3 + <-right
	}
	return sum
}

func gather(j job) (sum uint64) {
	const most, within = 100, 10 * time.Millisecond
	a := make(chan uint64, j.cap)
	batch := make([]uint64, 0, most)
	timer := time.NewTimer(within)
	flush := func() {
		for _, x := range batch {
			sum += x
		}
		batch = batch[:0]
	}
	go func() {
		source(0, j.items, a)
		close(a)
	}()
	for {
		select {
		case x, ok := <-a:
			if !ok {
				flush()
				return sum
			}
			if len(batch) == 0 {
				timer.Reset(within)
			}
			batch = append(batch, x)
			if len(batch) == most {
				flush()
			}
		case <-timer.C:
			flush()
		}
	}
}

func prefer(j job) (sum uint64) {
	urgent, normal := make(chan uint64, j.cap), make(chan uint64, j.cap)
	go func() {
		source(0, j.items/2, normal)
		close(normal)
	}()
	go func() {
		source(j.items/2, j.items, urgent)
		close(urgent)
	}()
	for urgent != nil || normal != nil {
		select {
		case x, ok := <-urgent:
			if !ok {
				urgent = nil
				continue
			}
			sum += x
			continue
		default:
		}
		select {
		case x, ok := <-urgent:
			if !ok {
				urgent = nil
				continue
			}
			sum += x
		case x, ok := <-normal:
			if !ok {
				normal = nil
				continue
			}
			sum += x
		}
	}
	return sum
}
