// What examples/wordfreq.pipe does, in Go: one goroutine reads, one for each processor counts, the counts are merged.
// By chunks, as somebody writes it who wants it fast, or with a line as the item, as most people write it.
//
//	go_words chunks|lines FILE
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"sync"
)

const (
	chunk = 262144
	top   = 10
)

var letters [256]byte

type counts map[string]*int

// Counts the words of a text, which becomes lower case on the way.
func (c counts) add(text []byte) {
	start := -1
	for i, b := range text {
		if letters[b] != 0 {
			text[i] = letters[b]
			if start < 0 {
				start = i
			}
		} else if start >= 0 {
			c.count(text[start:i])
			start = -1
		}
	}
	if start >= 0 {
		c.count(text[start:])
	}
}

func (c counts) count(word []byte) {
	if n := c[string(word)]; n != nil { // makes no string
		*n++
		return
	}
	n := 1
	c[string(word)] = &n
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go_words:", err)
		os.Exit(1)
	}
}

func readChunks(file io.Reader, out chan<- []byte) {
	var rest []byte
	for {
		text := make([]byte, len(rest)+chunk)
		copy(text, rest)
		n, err := io.ReadFull(file, text[len(rest):])
		text = text[:len(rest)+n]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			out <- text
			return
		}
		check(err)
		end := bytes.LastIndexFunc(text, func(r rune) bool { return r < 128 && letters[byte(r)] == 0 }) + 1
		rest = append([]byte(nil), text[end:]...)
		out <- text[:end]
	}
}

func readLines(file io.Reader, out chan<- []byte) {
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		out <- append([]byte(nil), scanner.Bytes()...)
	}
	check(scanner.Err())
}

func main() {
	read := map[string]func(io.Reader, chan<- []byte){"chunks": readChunks, "lines": readLines}
	if len(os.Args) != 3 || read[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: go_words chunks|lines FILE")
		os.Exit(2)
	}
	for b := range letters {
		if b >= 'A' && b <= 'Z' {
			letters[b] = byte(b + 32)
		} else if b >= 'a' && b <= 'z' || b >= 128 {
			letters[b] = byte(b)
		}
	}
	file, err := os.Open(os.Args[2])
	check(err)
	texts, tables := make(chan []byte, 64), make([]counts, runtime.NumCPU())
	var workers sync.WaitGroup
	for i := range tables {
		tables[i] = make(counts)
		workers.Add(1)
		go func(table counts) {
			defer workers.Done()
			for text := range texts {
				table.add(text)
			}
		}(tables[i])
	}
	read[os.Args[1]](file, texts)
	close(texts)
	workers.Wait()
	total := make(map[string]int)
	for _, table := range tables {
		for word, n := range table {
			total[word] += *n
		}
	}
	words := make([]string, 0, len(total))
	for word := range total {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		if total[words[i]] != total[words[j]] {
			return total[words[i]] > total[words[j]]
		}
		return words[i] < words[j]
	})
	for i := 0; i < top && i < len(words); i++ {
		fmt.Printf("%7d %s\n", total[words[i]], words[i])
	}
}
