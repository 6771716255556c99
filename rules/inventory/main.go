// Writes symbols.txt.gz: the functions that Kubernetes, etcd, containerd and Go have, under the names that a profile
// gives them, by version. README.md has the format.
//
//	go run . [-cache DIR]
//
// It downloads the modules of modules.txt one after the other, reads them with go/parser, and deletes each again. What
// it found in a module is kept in DIR, so that a second run only reads what is new.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

// A source is one version of a module.
type source struct {
	track  string // versions are comparable within a track: kubernetes, go, or the module itself
	module string
	ref    string // what `go mod download` is asked for
	label  string // the version as rules say it: 1.30
}

func main() {
	log.SetFlags(0)
	cache := flag.String("cache", filepath.Join(os.TempDir(), "kubeprof-inventory"), "where to keep what was read")
	flag.Parse()
	if err := os.MkdirAll(*cache, 0o755); err != nil {
		log.Fatal(err)
	}
	sources, err := readSources("modules.txt")
	if err != nil {
		log.Fatal(err)
	}
	inventory, failed := newInventory(), 0
	for _, s := range sources {
		names, err := namesOf(s, *cache)
		if err != nil {
			log.Printf("%s@%s: %v", s.module, s.ref, err)
			failed++
			continue
		}
		inventory.add(s, names)
	}
	if failed > 0 {
		log.Fatalf("%d modules could not be read", failed)
	}
	if err := inventory.write("symbols.txt.gz"); err != nil {
		log.Fatal(err)
	}
}

// Lines of modules.txt are `TRACK MODULE VERSION...`.
func readSources(file string) ([]source, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var sources []source
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] == "#" {
			continue
		}
		for _, version := range words[2:] {
			sources = append(sources, source{words[0], words[1], version, labelOf(words[0], version)})
		}
	}
	return sources, nil
}

// Kubernetes 1.30 is 0.30 of its libraries, and Go's toolchains are versions of a module of their own.
func labelOf(track, version string) string {
	version = strings.TrimPrefix(version, "v")
	switch track {
	case "kubernetes":
		parts := strings.Split(version, ".")
		return "1." + parts[1]
	case "go":
		version = strings.TrimSuffix(strings.TrimPrefix(version, "0.0.1-go"), ".linux-amd64")
		parts := strings.Split(version, ".")
		return "1." + parts[1]
	}
	return strings.TrimSuffix(version, "+incompatible")
}

func namesOf(s source, cache string) ([]string, error) {
	kept := filepath.Join(cache, strings.ReplaceAll(s.module, "/", "_")+"@"+s.ref)
	if text, err := os.ReadFile(kept); err == nil {
		return strings.Fields(string(text)), nil
	}
	directory, err := os.MkdirTemp("", "kubeprof-modules")
	if err != nil {
		return nil, err
	}
	defer removeAll(directory)
	root, err := download(s, directory)
	if err != nil {
		return nil, err
	}
	found, err := namesIn(root, s.module)
	if err != nil {
		return nil, err
	}
	log.Printf("%s@%s: %d functions", s.module, s.ref, len(found))
	return found, os.WriteFile(kept, []byte(strings.Join(found, "\n")), 0o644)
}

// Downloads a module into a cache of its own. Answers where its sources lie.
func download(s source, directory string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", s.module+"@"+s.ref)
	command.Dir = directory
	command.Env = append(os.Environ(), "GOMODCACHE="+filepath.Join(directory, "mod"), "GOTOOLCHAIN=local",
		"GOFLAGS=-modcacherw", "GONOSUMDB=golang.org/toolchain", "GOWORK=off")
	output, err := command.Output()
	var answer struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(output, &answer); jsonErr != nil || answer.Error != "" || err != nil {
		return "", fmt.Errorf("%s %v", answer.Error, err)
	}
	if s.track == "go" {
		return filepath.Join(answer.Dir, "src"), nil
	}
	return answer.Dir, nil
}

func removeAll(directory string) {
	if err := os.RemoveAll(directory); err != nil {
		log.Print(err)
	}
}

// The versions of a module that have a function, as bits in the order of `versions`.
type module struct {
	track, path string
	versions    []string
	bits        map[string]uint64
}

type inventory struct {
	modules []*module
	byPath  map[string]*module
}

func newInventory() *inventory {
	return &inventory{byPath: map[string]*module{}}
}

func (inv *inventory) add(s source, names []string) {
	m := inv.byPath[s.module]
	if m == nil {
		m = &module{track: s.track, path: s.module, bits: map[string]uint64{}}
		inv.byPath[s.module] = m
		inv.modules = append(inv.modules, m)
	}
	bit := uint64(1) << len(m.versions)
	m.versions = append(m.versions, s.label)
	for _, name := range names {
		m.bits[name] |= bit
	}
}

func (inv *inventory) write(file string) error {
	out, err := createGzip(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	fmt.Fprintln(w, "kubeprof inventory 1")
	for _, m := range inv.modules {
		fmt.Fprintf(w, "module %s %s %s\n", m.track, m.path, strings.Join(m.versions, " "))
		m.writePackages(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Close()
}

// Functions of the same package and the same versions stand together, so that neither is said twice.
func (m *module) writePackages(w *bufio.Writer) {
	groups := map[string]map[uint64][]string{}
	for name, bits := range m.bits {
		path, local := splitName(name)
		if groups[path] == nil {
			groups[path] = map[uint64][]string{}
		}
		groups[path][bits] = append(groups[path][bits], local)
	}
	for _, path := range sortedKeys(groups) {
		fmt.Fprintf(w, "package %s\n", path)
		for _, bits := range sortedBits(groups[path]) {
			fmt.Fprintf(w, "in %x\n", bits)
			locals := groups[path][bits]
			sort.Strings(locals)
			for _, local := range locals {
				fmt.Fprintln(w, local)
			}
		}
	}
}

// A function is `path NUL name` until it is written.
func splitName(name string) (path, local string) {
	at := strings.IndexByte(name, '\x00')
	return name[:at], name[at+1:]
}
