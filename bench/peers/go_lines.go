// What examples/linecount.pipe does, in Go: one goroutine reads, one for each processor counts. By chunks that end with a
// line, as somebody writes it who wants it fast, or with a line as the item, as most people write it.
//
//	go_lines chunks|lines TEXT FILE
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
)

const chunk = 262144

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go_lines:", err)
		os.Exit(1)
	}
}

// Chunks that have been counted come back, so that none is collected.
var chunks = sync.Pool{New: func() any { return make([]byte, 0, 2*chunk) }}

func readChunks(file io.Reader, out chan<- []byte) {
	var rest []byte
	for {
		text := append(chunks.Get().([]byte)[:0], rest...)
		for len(text)+chunk > cap(text) {
			text = append(text[:cap(text)], 0)[:len(text)]
		}
		n, err := io.ReadFull(file, text[len(text):len(text)+chunk])
		text = text[:len(text)+n]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			out <- text
			return
		}
		check(err)
		end := bytes.LastIndexByte(text, '\n') + 1
		rest = append(rest[:0], text[end:]...)
		out <- text[:end]
	}
}

func countChunk(text, wanted []byte) (n int) {
	all := text
	for {
		at := bytes.Index(text, wanted)
		if at < 0 {
			break
		}
		n++
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		text = text[at+end:]
	}
	chunks.Put(all)
	return n
}

func readLines(file io.Reader, out chan<- []byte) {
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		out <- append([]byte(nil), scanner.Bytes()...)
	}
	check(scanner.Err())
}

func countLine(line, wanted []byte) int {
	if bytes.Contains(line, wanted) {
		return 1
	}
	return 0
}

func main() {
	if len(os.Args) != 4 || os.Args[1] != "chunks" && os.Args[1] != "lines" {
		fmt.Fprintln(os.Stderr, "usage: go_lines chunks|lines TEXT FILE")
		os.Exit(2)
	}
	read, count := readChunks, countChunk
	if os.Args[1] == "lines" {
		read, count = readLines, countLine
	}
	wanted := []byte(os.Args[2])
	file, err := os.Open(os.Args[3])
	check(err)
	texts, counts := make(chan []byte, 64), make(chan int)
	for i := 0; i < runtime.NumCPU(); i++ {
		go func() {
			n := 0
			for text := range texts {
				n += count(text, wanted)
			}
			counts <- n
		}()
	}
	read(file, texts)
	close(texts)
	total := 0
	for i := 0; i < runtime.NumCPU(); i++ {
		total += <-counts
	}
	fmt.Println(total)
}
