// The messages between this peer and the process that measures it; docs/peer-protocol.md describes them.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	exitFailed = 1
	parentPoll = 500 * time.Millisecond
)

// order has the fields of an open command.
type order struct {
	Do          string
	Workload    string
	Strategy    string
	Origin      string
	Run         string
	Jobs        int
	Limit       int
	DelayMs     json.Number
	Connections int
}

// session is a client that keeps its connections from its creation until it is closed.
type session interface {
	// run returns the results in the order of the jobs.
	run() ([]string, error)
	close()
}

// setting is a setting of the client, with its default and a reason where the value is another.
type setting struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default,omitempty"`
	Why     string `json:"why,omitempty"`
}

// abilities is the first line of a peer.
type abilities struct {
	Ready      bool                `json:"ready"`
	Versions   map[string]string   `json:"versions"`
	Strategies map[string][]string `json:"strategies"`
	Client     string              `json:"client"`
	Settings   []setting           `json:"settings"`
}

// answer is what a peer says to a run command.
type answer struct {
	WallMs    float64 `json:"wallMs"`
	CPUMs     float64 `json:"cpuMs"`
	ComputeMs float64 `json:"computeMs"`
	Checksum  string  `json:"checksum"`
}

// converse reports the abilities of this peer, then follows commands until stdin ends.
func converse(can abilities, open func(order) (session, error)) {
	// Ctrl-C reaches the whole process group; the parent decides what it means.
	signal.Ignore(syscall.SIGINT)
	go endWithParent(os.Getppid())
	say(can)
	lines := make(chan string)
	go read(lines)
	var current session
	for line := range lines {
		next, err := follow(line, current, can, open)
		if err != nil {
			fail(err)
		}
		current = next
	}
	os.Exit(0)
}

// read sends lines; where stdin ends, this process ends, also in the middle of a batch, whose results have no reader.
func read(lines chan<- string) {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadString('\n')
		if err != nil {
			os.Exit(0)
		}
		lines <- line
	}
}

// endWithParent ends this process when its parent is another than before.
func endWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(parentPoll)
	}
	os.Exit(exitFailed)
}

// follow answers one command, and returns the session that is open afterwards.
func follow(line string, current session, can abilities, open func(order) (session, error)) (session, error) {
	var command order
	if err := json.Unmarshal([]byte(line), &command); err != nil {
		return nil, fmt.Errorf("a line is no JSON: %w", err)
	}
	switch {
	case command.Do == "open" && current == nil:
		if !includes(can.Strategies[command.Workload], command.Strategy) {
			return nil, fmt.Errorf("%s by %s is not what this peer can do", command.Workload, command.Strategy)
		}
		opened, err := open(command)
		if err != nil {
			return nil, err
		}
		say(map[string]bool{"opened": true})
		return opened, nil
	case command.Do == "run" && current != nil:
		measured, err := measure(current)
		if err != nil {
			return nil, err
		}
		say(measured)
		return current, nil
	case command.Do == "close" && current != nil:
		current.close()
		say(map[string]bool{"closed": true})
		return nil, nil
	}
	return nil, errors.New(command.Do + " is no command, or comes at the wrong time")
}

func includes(names []string, wanted string) bool {
	for _, name := range names {
		if name == wanted {
			return true
		}
	}
	return false
}

func measure(current session) (answer, error) {
	runtime.GC()
	cpuBefore := cpuTime()
	start := time.Now()
	results, err := current.run()
	wall := time.Since(start)
	cpu := cpuTime() - cpuBefore
	if err != nil {
		return answer{}, err
	}
	return answer{WallMs: milliseconds(wall), CPUMs: milliseconds(cpu), Checksum: checksum(results)}, nil
}

// cpuTime is the user and system time of all threads of this process.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}

func checksum(results []string) string {
	var value uint32
	for _, result := range results {
		value = crc32.Update(value, crc32.IEEETable, []byte(result))
	}
	return fmt.Sprintf("%08x", value)
}

func say(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		fail(err)
	}
	if _, err := os.Stdout.Write(append(line, '\n')); err != nil {
		os.Exit(exitFailed)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, strings.Join(strings.Fields(err.Error()), " "))
	os.Exit(exitFailed)
}
