// Requests and bytes of access logs by minute into SQLite, as a Go program does it: a goroutine reads, some parse, each with
// a map of its own.
//
//	go_minutes DB LOG...
package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	_ "github.com/mattn/go-sqlite3"
)

const batch = 1024 // lines that a parser gets at once

type count struct {
	n   int64
	sum float64
}

var months = []byte("JanFebMarAprMayJunJulAugSepOctNovDec")

func isDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// The minute, 2000-10-10T13:55, and the bytes of [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 2326.
func parse(line []byte, key *[16]byte) (int64, bool) {
	at := bytes.IndexByte(line, '[')
	if at < 0 || len(line) < at+21 {
		return 0, false
	}
	t := line[at+1:]
	month := bytes.Index(months, t[3:6])
	if month < 0 || month%3 != 0 || !isDigits(t[0:2]) || !isDigits(t[7:11]) || !isDigits(t[12:14]) || !isDigits(t[15:17]) {
		return 0, false
	}
	month = month/3 + 1
	copy(key[0:], t[7:11])
	copy(key[4:], []byte{'-', byte('0' + month/10), byte('0' + month%10), '-', t[0], t[1], 'T'})
	copy(key[11:], t[12:17])
	quote := bytes.IndexByte(t, '"')
	if quote < 0 {
		return 0, false
	}
	for quote++; quote < len(t) && t[quote] != '"'; quote++ {
		if t[quote] == '\\' {
			quote++
		}
	}
	if quote >= len(t) {
		return 0, false
	}
	fields := bytes.Fields(t[quote+1:])
	if len(fields) == 0 || !isDigits(fields[0]) {
		return 0, false
	}
	if len(fields) == 1 {
		return 0, true
	}
	sent, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return sent, true
}

func store(path string, counts map[[16]byte]*count) error {
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err = db.Exec("CREATE TABLE IF NOT EXISTS minutes (key TEXT NOT NULL PRIMARY KEY, n INTEGER, sum REAL)"); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.Prepare("INSERT INTO minutes VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET n = excluded.n, sum = excluded.sum")
	if err != nil {
		return err
	}
	for key, c := range counts {
		if _, err = insert.Exec(string(key[:]), c.n, c.sum); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func main() {
	var bad int64
	var group sync.WaitGroup
	batches := make(chan [][]byte, 16)
	parts := make([]map[[16]byte]*count, runtime.NumCPU())
	for i := range parts {
		counts := map[[16]byte]*count{}
		parts[i] = counts
		group.Add(1)
		go func() {
			defer group.Done()
			var key [16]byte
			for lines := range batches {
				for _, line := range lines {
					sent, good := parse(line, &key)
					if !good {
						if atomic.AddInt64(&bad, 1) <= 10 {
							fmt.Fprintf(os.Stderr, "no request: %.60s\n", line)
						}
						continue
					}
					c := counts[key]
					if c == nil {
						c = &count{}
						counts[key] = c
					}
					c.n++
					c.sum += float64(sent)
				}
			}
		}()
	}
	for _, name := range os.Args[2:] {
		file, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(make([]byte, 1<<16), 1<<20)
		some := make([][]byte, 0, batch)
		for lines.Scan() {
			some = append(some, append([]byte(nil), lines.Bytes()...))
			if len(some) == batch {
				batches <- some
				some = make([][]byte, 0, batch)
			}
		}
		batches <- some
		if err := lines.Err(); err != nil {
			fmt.Fprintln(os.Stderr, name, err)
			os.Exit(1)
		}
		file.Close()
	}
	close(batches)
	group.Wait()
	for _, part := range parts[1:] {
		for key, c := range part {
			if sum := parts[0][key]; sum != nil {
				sum.n += c.n
				sum.sum += c.sum
			} else {
				parts[0][key] = c
			}
		}
	}
	if err := store(os.Args[1], parts[0]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if bad > 0 {
		os.Exit(1)
	}
}
