// Items with keys: a goroutine and a channel for each of so many shards, a map of mutexes, token buckets in a map.
package main

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

const drawnKeys = 1 << 20 // see keys.h

func keyRandom(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func drawKeys(keys, zipf uint64) []uint32 {
	drawn := make([]uint32, drawnKeys)
	for i := range drawn {
		random := keyRandom(uint64(i))
		if zipf != 0 {
			drawn[i] = uint32(math.Pow(float64(keys)+1, float64(random>>11)/9007199254740992) - 1)
		} else {
			drawn[i] = uint32(random % keys)
		}
	}
	return drawn
}

type keyed struct {
	x   uint64
	key uint32
}

// The time from here on counts: keys are drawn before.
var keysStart time.Time

func sendKeyed(j job, to func(item keyed)) {
	drawn := drawKeys(j.keys, j.zipf)
	keysStart = time.Now()
	for i := uint64(0); i < j.items; i++ {
		to(keyed{i, drawn[i%drawnKeys]})
	}
}

// What is run on each item of a channel, in so many goroutines, each with a sum of its own.
func keyedWorkers(j job, body func(item keyed) uint64) (sum, done uint64) {
	a := make(chan keyed, j.cap)
	var wait sync.WaitGroup
	for w := uint64(0); w < j.workers; w++ {
		wait.Add(1)
		go func() {
			var mine, n uint64
			for item := range a {
				mine += body(item)
				n++
			}
			atomic.AddUint64(&sum, mine)
			atomic.AddUint64(&done, n)
			wait.Done()
		}()
	}
	sendKeyed(j, func(item keyed) { a <- item })
	close(a)
	wait.Wait()
	return sum, done
}

func byShards(j job) (sum, done uint64) {
	shards := make([]chan keyed, j.workers)
	var wait sync.WaitGroup
	for i := range shards {
		shards[i] = make(chan keyed, j.cap)
		wait.Add(1)
		go func(in chan keyed) {
			var mine, n uint64
			for item := range in {
				mine += work(item.x, j.steps)
				n++
			}
			atomic.AddUint64(&sum, mine)
			atomic.AddUint64(&done, n)
			wait.Done()
		}(shards[i])
	}
	sendKeyed(j, func(item keyed) { shards[keyRandom(uint64(item.key))%j.workers] <- item })
	for _, shard := range shards {
		close(shard)
	}
	wait.Wait()
	return sum, done
}

func byMutexes(j job) (sum, done uint64) {
	var lock sync.Mutex
	locks := map[uint32]*sync.Mutex{}
	return keyedWorkers(j, func(item keyed) uint64 {
		lock.Lock()
		mine := locks[item.key]
		if mine == nil {
			mine = new(sync.Mutex)
			locks[item.key] = mine
		}
		lock.Unlock()
		mine.Lock()
		x := work(item.x, j.steps)
		mine.Unlock()
		return x
	})
}

// A bucket of golang.org/x/time/rate in short: tokens that grow with time, up to the burst.
type bucket struct {
	tokens float64
	last   time.Time
}

const keyRate, keyBurst = 1e6, 1 << 20

func ratePer(j job) (sum, done uint64) {
	var lock sync.Mutex
	buckets := map[uint32]*bucket{}
	return keyedWorkers(j, func(item keyed) uint64 {
		for {
			now := time.Now()
			lock.Lock()
			b := buckets[item.key]
			if b == nil {
				b = &bucket{1, now}
				buckets[item.key] = b
			}
			b.tokens = math.Min(keyBurst, b.tokens+now.Sub(b.last).Seconds()*keyRate)
			b.last = now
			if b.tokens >= 1 {
				b.tokens--
				lock.Unlock()
				return work(item.x, j.steps)
			}
			wait := time.Duration((1 - b.tokens) / keyRate * 1e9)
			lock.Unlock()
			time.Sleep(wait)
		}
	})
}

// What has come of a key; its `came` is the first item's. Groups stand in a list in the order of that.
type group struct {
	key          uint32
	came         time.Time
	items        []keyed
	before, next *group
}

// One goroutine gathers: a map of groups, and one timer, for the first of them. Slices are used again.
func gatherPer(j job) (sum, done uint64) {
	const most, within = 100, 10 * time.Millisecond
	var ends group // of the list
	ends.before, ends.next = &ends, &ends
	groups := map[uint32]*group{}
	var free []*group
	var several uint64
	timer := time.NewTimer(within)
	flush := func(g *group) {
		for _, x := range g.items {
			sum += x.x
			if x.key != g.key {
				several++
			}
		}
		done += uint64(len(g.items))
		g.before.next, g.next.before = g.next, g.before
		delete(groups, g.key)
		g.items = g.items[:0]
		free = append(free, g)
	}
	a := make(chan keyed, j.cap)
	go func() {
		sendKeyed(j, func(item keyed) { a <- item })
		close(a)
	}()
	for {
		select {
		case x, ok := <-a:
			if !ok {
				for ends.next != &ends {
					flush(ends.next)
				}
				return sum, done - several
			}
			g := groups[x.key]
			if g == nil {
				if n := len(free); n > 0 {
					g, free = free[n-1], free[:n-1]
				} else {
					g = &group{items: make([]keyed, 0, most)}
				}
				g.key, g.came = x.key, time.Now()
				g.before, g.next = ends.before, &ends
				g.before.next, ends.before = g, g
				groups[x.key] = g
				if ends.next == g {
					timer.Reset(within)
				}
			}
			g.items = append(g.items, x)
			if len(g.items) == most {
				flush(g)
			}
		case now := <-timer.C:
			for ends.next != &ends && now.Sub(ends.next.came) >= within {
				flush(ends.next)
			}
			if ends.next != &ends {
				timer.Reset(within - now.Sub(ends.next.came))
			}
		}
	}
}
