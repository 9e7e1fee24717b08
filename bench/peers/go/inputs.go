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

// A tree of goroutines that each have the next number of two streams at hand.
func merge(j job) (sum uint64) {
	streams := make([]chan uint64, j.workers)
	for i := range streams {
		streams[i] = make(chan uint64, j.cap)
		go func(first uint64, out chan<- uint64) {
			for x := first; x < j.items; x += j.workers {
				out <- x
			}
			close(out)
		}(uint64(i), streams[i])
	}
	for len(streams) > 1 {
		half := len(streams) / 2
		for i := 0; i < half; i++ {
			out := make(chan uint64, j.cap)
			go mergeTwo(streams[2*i], streams[2*i+1], out)
			streams[i] = out
		}
		streams = streams[:half]
	}
	for x := range streams[0] {
		sum = addNext(sum, x)
	}
	return sum
}

func mergeTwo(left, right <-chan uint64, out chan<- uint64) {
	l, moreLeft := <-left
	r, moreRight := <-right
	for moreLeft || moreRight {
		if moreLeft && (!moreRight || l <= r) {
			out <- l
			l, moreLeft = <-left
		} else {
			out <- r
			r, moreRight = <-right
		}
	}
	close(out)
}

// A full channel drops its oldest item. The sum is right where the last one has arrived.
func dropping(j job) (sum uint64) {
	a := make(chan uint64, j.cap)
	go func() {
		for x := uint64(0); x < j.items; x++ {
			for sent := false; !sent; {
				select {
				case a <- x:
					sent = true
				default:
					select {
					case <-a:
					default:
					}
				}
			}
		}
		close(a)
	}()
	for x := range a {
		sum = x
	}
	return sum
}
