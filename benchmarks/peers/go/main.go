// Crawls with net/http, a goroutine for each job.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Longer than any pause between batches.
const idleTimeout = 10 * time.Minute

type crawl struct {
	order  order
	client *http.Client
}

var strategies = map[string]func(*crawl) ([]string, error){
	"serial":      (*crawl).serially,
	"semaphore":   (*crawl).withSemaphore,
	"promise-all": (*crawl).atOnce,
}

func main() {
	converse(abilities{
		Ready:      true,
		Versions:   map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")},
		Strategies: map[string][]string{"crawl": {"serial", "semaphore", "promise-all"}},
		Client:     "net/http",
		Settings:   settings(),
	}, open)
}

func settings() []setting {
	cores := setting{Name: "GOMAXPROCS", Value: strconv.Itoa(runtime.GOMAXPROCS(0))}
	if os.Getenv("GOMAXPROCS") != "" {
		cores.Default = strconv.Itoa(runtime.NumCPU())
		cores.Why = "This row shows what one core can do."
	}
	return []setting{
		{
			Name:    "MaxIdleConnsPerHost",
			Value:   "as many as connections",
			Default: strconv.Itoa(http.DefaultMaxIdleConnsPerHost),
			Why:     "With two, nearly every request would open a connection.",
		},
		{
			Name:    "MaxIdleConns",
			Value:   "no limit",
			Default: "100",
			Why:     "The limit for each host is enough.",
		},
		{
			Name:    "IdleConnTimeout",
			Value:   idleTimeout.String(),
			Default: "1m30s",
			Why:     "No connection should close between batches.",
		},
		{Name: "Proxy", Value: "none", Default: "that of the environment", Why: "No request leaves this machine."},
		{
			Name:    "DisableCompression",
			Value:   "true",
			Default: "false",
			Why:     "Other clients ask for no compression either.",
		},
		cores,
	}
}

// open returns a client with as many connections as ordered.
func open(ordered order) (session, error) {
	places := ordered.Connections
	if places < 1 {
		places = 1
	}
	made := &crawl{order: ordered, client: &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: places,
		IdleConnTimeout:     idleTimeout,
		DisableCompression:  true,
	}}}
	return made, made.warm()
}

// warm opens the connections: an answer that is not read keeps its own, so no two requests share one.
func (made *crawl) warm() error {
	count := made.order.Connections
	address := fmt.Sprintf("%s/delay/%d", made.order.Origin, holdMs(count))
	answers := make([]*http.Response, count)
	err := together(count, func(index int) error {
		answer, err := made.send(address)
		answers[index] = answer
		return err
	})
	for _, answer := range answers {
		if answer != nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
	return err
}

// holdMs is how long the target holds so many requests: until all are sent, since an early answer would lend its connection.
func holdMs(count int) int {
	if count > 250 {
		return count / 5
	}
	return 50
}

func (made *crawl) run() ([]string, error) {
	return strategies[made.order.Strategy](made)
}

func (made *crawl) close() {
	made.client.CloseIdleConnections()
}

func (made *crawl) serially() ([]string, error) {
	results := make([]string, made.order.Jobs)
	for job := range results {
		if err := made.do(results, job); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (made *crawl) withSemaphore() ([]string, error) {
	results := make([]string, made.order.Jobs)
	places := make(chan struct{}, made.order.Limit)
	return results, together(made.order.Jobs, func(job int) error {
		places <- struct{}{}
		defer func() { <-places }()
		return made.do(results, job)
	})
}

func (made *crawl) atOnce() ([]string, error) {
	results := make([]string, made.order.Jobs)
	return results, together(made.order.Jobs, func(job int) error { return made.do(results, job) })
}

// do sends a job's request and keeps its result.
func (made *crawl) do(results []string, job int) error {
	answer, err := made.send(fmt.Sprintf("%s/delay/%s?job=%d&run=%s",
		made.order.Origin, made.order.DelayMs, job, url.QueryEscape(made.order.Run)))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	results[job] = string(body)
	return err
}

// send returns an answer whose body is not read yet.
func (made *crawl) send(address string) (*http.Response, error) {
	answer, err := made.client.Get(address)
	if err == nil && answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("the target answered %d to %s", answer.StatusCode, address)
	}
	return answer, err
}

// together starts a goroutine for each number below count, waits for all, and returns an error of one.
func together(count int, work func(int) error) error {
	var all sync.WaitGroup
	errs := make(chan error, count)
	for index := 0; index < count; index++ {
		all.Add(1)
		go func(index int) {
			defer all.Done()
			if err := work(index); err != nil {
				errs <- err
			}
		}(index)
	}
	all.Wait()
	close(errs)
	return <-errs
}
