// One key whose items sleep, and how long the others take; see sleeper.h.
package main

import (
	"sync"
	"time"
)

const sleeperBurst = 20

// Sends all items to `to`, each with when that was, and prints what the bodies of `run` have noted, once that returns.
func sleeper(j job, run func(body func(item, key uint64), items func(to func(item, key uint64)))) (sum, done uint64) {
	keysStart = time.Now()
	sent := make([]time.Time, j.items)
	took := make([]time.Duration, j.items)
	for i := range took {
		took[i] = -1
	}
	run(func(item, key uint64) {
		if key == 0 {
			time.Sleep(time.Duration(j.nap) * time.Microsecond)
			took[item] = 0
		} else {
			took[item] = time.Since(sent[item])
		}
	}, func(to func(item, key uint64)) {
		for i := uint64(0); i < j.items; i++ {
			if i%sleeperBurst == 0 {
				time.Sleep(time.Millisecond)
			}
			sent[i] = time.Now()
			to(i, keyRandom(i)%j.keys)
		}
	})
	var others latency
	for _, t := range took {
		if t >= 0 {
			done++
		}
		if t > 0 {
			others.add(t)
		}
	}
	others.print()
	return 0, done
}

type sleeperItem struct{ item, key uint64 }

func sleeperBy(j job) (sum, done uint64) {
	return sleeper(j, func(body func(item, key uint64), items func(to func(item, key uint64))) {
		shards := make([]chan sleeperItem, j.workers)
		var wait sync.WaitGroup
		for i := range shards {
			shards[i] = make(chan sleeperItem, j.cap)
			wait.Add(1)
			go func(in chan sleeperItem) {
				for x := range in {
					body(x.item, x.key)
				}
				wait.Done()
			}(shards[i])
		}
		items(func(item, key uint64) { shards[keyRandom(key)%j.workers] <- sleeperItem{item, key} })
		for _, shard := range shards {
			close(shard)
		}
		wait.Wait()
	})
}

func sleeperMutexes(j job) (sum, done uint64) {
	return sleeper(j, func(body func(item, key uint64), items func(to func(item, key uint64))) {
		var lock sync.Mutex
		locks := map[uint64]*sync.Mutex{}
		a := make(chan sleeperItem, j.cap)
		var wait sync.WaitGroup
		for w := uint64(0); w < j.workers; w++ {
			wait.Add(1)
			go func() {
				for x := range a {
					lock.Lock()
					mine := locks[x.key]
					if mine == nil {
						mine = new(sync.Mutex)
						locks[x.key] = mine
					}
					lock.Unlock()
					mine.Lock()
					body(x.item, x.key)
					mine.Unlock()
				}
				wait.Done()
			}()
		}
		items(func(item, key uint64) { a <- sleeperItem{item, key} })
		close(a)
		wait.Wait()
	})
}
