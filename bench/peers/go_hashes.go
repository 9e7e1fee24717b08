// What examples/hashdir.pipe does, in Go: one goroutine walks, one for each processor hashes, one prints.
//
//	hashes DIR
package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

type sum struct {
	path  string
	bytes []byte
}

func hash(path string, buffer []byte) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	digest := sha256.New()
	if _, err := io.CopyBuffer(digest, file, buffer); err != nil {
		return nil, err
	}
	return digest.Sum(nil), nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: hashes DIR")
		os.Exit(2)
	}
	paths, sums := make(chan string, 256), make(chan sum, 256)
	go func() {
		defer close(paths)
		filepath.WalkDir(os.Args[1], func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			} else if entry.Type().IsRegular() {
				paths <- path
			}
			return nil
		})
	}()
	var workers sync.WaitGroup
	for i := 0; i < runtime.NumCPU(); i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			buffer := make([]byte, 131072)
			for path := range paths {
				if bytes, err := hash(path, buffer); err != nil {
					fmt.Fprintln(os.Stderr, err)
				} else {
					sums <- sum{path, bytes}
				}
			}
		}()
	}
	go func() {
		workers.Wait()
		close(sums)
	}()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for s := range sums {
		fmt.Fprintf(out, "%x  %s\n", s.bytes, s.path)
	}
}
