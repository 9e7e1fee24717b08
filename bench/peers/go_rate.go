// A rate with golang.org/x/time/rate: how far what happened in two seconds is from what was asked for.
//
//	go_rate paced pace=N
package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"time"

	"golang.org/x/time/rate"
)

func main() {
	var pace float64
	if len(os.Args) != 3 || os.Args[1] != "paced" {
		fmt.Fprintln(os.Stderr, "usage: go_rate paced pace=N")
		os.Exit(2)
	}
	if _, err := fmt.Sscanf(os.Args[2], "pace=%g", &pace); err != nil {
		fmt.Fprintln(os.Stderr, "go_rate:", err)
		os.Exit(2)
	}
	items := make(chan int, 1024)
	done := make(chan bool)
	go func() {
		for i := 0; ; i++ {
			select {
			case items <- i:
			case <-done:
				return
			}
		}
	}()
	limiter := rate.NewLimiter(rate.Limit(pace), 1)
	var first time.Time
	for n := 0; ; n++ {
		if err := limiter.Wait(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, "go_rate:", err)
			os.Exit(1)
		}
		if x := <-items; x != n {
			fmt.Fprintln(os.Stderr, "go_rate: an item is missing")
			os.Exit(1)
		}
		if n == 0 {
			first = time.Now()
		} else if took := time.Since(first).Seconds(); took >= 2 {
			got := float64(n) / took
			fmt.Printf("error=%.4f sum=ok\n", 100*math.Abs(got/pace-1))
			close(done)
			return
		}
	}
}
