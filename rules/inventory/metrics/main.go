// Writes metrics.txt.gz: the metrics that Kubernetes, etcd, cAdvisor and Go's runtime declare. ../README.md has the format.
//
//	go run ./metrics
//
// It reads the modules of metric-modules.txt with go/parser; `go mod download` fetches those that are not there.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/metrics"
	"slices"
	"sort"
	"strconv"
	"strings"
)

var kinds = map[string]string{
	"CounterOpts": "counter", "GaugeOpts": "gauge", "HistogramOpts": "histogram", "TimingHistogramOpts": "histogram",
	"SummaryOpts": "summary",
}

// What cAdvisor exports is declared by its name alone.
var plainName = regexp.MustCompile(`^(container|machine)_[a-z0-9_]+$`)

func main() {
	log.SetFlags(0)
	found := map[string]string{}
	releases := map[string][]int{}
	var read []string
	for _, line := range lines("metric-modules.txt") {
		words := strings.Fields(line)
		for _, version := range words[1:] {
			root, err := download(words[0] + "@" + version)
			if err != nil {
				log.Fatalf("%s@%s: %v", words[0], version, err)
			}
			declared := map[string]string{}
			readModule(root, declared)
			for name, kind := range declared {
				found[name] = kind
				if strings.HasPrefix(words[0], "k8s.io/") {
					releases[name] = append(releases[name], minorOf(version))
				}
			}
			read = append(read, words[0]+" "+version)
		}
	}
	addRuntime(found)
	for _, line := range lines("further-metrics.txt") {
		words := strings.Fields(line)
		found[words[0]] = words[1]
		delete(releases, words[0])
	}
	write("metrics.txt.gz", read, found, releases)
}

// 23 for v0.23.17 and for v1.23.17.
func minorOf(version string) int {
	minor, err := strconv.Atoi(strings.Split(version, ".")[1])
	if err != nil {
		log.Fatal(err)
	}
	return minor
}

// " 1.23-1.36" for a metric that not all releases have; a component of Kubernetes declares it in these alone.
func releasesOf(minors []int, all [2]int) string {
	if len(minors) == 0 {
		return ""
	}
	first, last := minors[0], minors[0]
	for _, minor := range minors {
		first, last = min(first, minor), max(last, minor)
	}
	if first == all[0] && last == all[1] {
		return ""
	}
	return fmt.Sprintf(" 1.%d-1.%d", first, last)
}

func lines(file string) []string {
	text, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	var kept []string
	for _, line := range strings.Split(string(text), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			kept = append(kept, line)
		}
	}
	return kept
}

func download(module string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", module)
	command.Dir = os.TempDir()
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	output, err := command.Output()
	var answer struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(output, &answer); jsonErr != nil || answer.Error != "" {
		return "", fmt.Errorf("%s %v", answer.Error, err)
	}
	return answer.Dir, nil
}

func readModule(root string, found map[string]string) {
	directories := map[string][]string{}
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			directories[filepath.Dir(path)] = append(directories[filepath.Dir(path)], path)
		}
		return nil
	})
	// Constants by folder and name, and by package name and name: subsystems are now and then those of another package.
	constants := map[string]string{}
	parsed := map[string][]*ast.File{}
	files := token.NewFileSet()
	for directory, paths := range directories {
		for _, path := range paths {
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				continue
			}
			parsed[directory] = append(parsed[directory], file)
			addConstants(file, directory, constants)
		}
	}
	for directory, list := range parsed {
		for _, file := range list {
			readFile(file, directory, constants, found)
		}
	}
}

func addConstants(file *ast.File, directory string, constants map[string]string) {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			values, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			for row, name := range values.Names {
				if row < len(values.Values) {
					if text, ok := textOf(values.Values[row], directory, constants); ok {
						constants[directory+"."+name.Name] = text
						constants[file.Name.Name+"."+name.Name] = text
					}
				}
			}
		}
	}
}

func textOf(expression ast.Expr, directory string, constants map[string]string) (string, bool) {
	switch value := expression.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(value.Value)
		return text, err == nil && value.Kind == token.STRING
	case *ast.Ident:
		text, ok := constants[directory+"."+value.Name]
		return text, ok
	case *ast.SelectorExpr:
		if from, ok := value.X.(*ast.Ident); ok {
			text, ok := constants[from.Name+"."+value.Sel.Name]
			return text, ok
		}
	case *ast.BinaryExpr:
		left, okLeft := textOf(value.X, directory, constants)
		right, okRight := textOf(value.Y, directory, constants)
		return left + right, okLeft && okRight && value.Op == token.ADD
	case *ast.CallExpr:
		if called, ok := value.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "BuildFQName" && len(value.Args) == 3 {
			return joined(value.Args, directory, constants)
		}
	}
	return "", false
}

func joined(parts []ast.Expr, directory string, constants map[string]string) (string, bool) {
	var words []string
	for _, part := range parts {
		text, ok := textOf(part, directory, constants)
		if !ok {
			return "", false
		}
		if text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, "_"), true
}

func readFile(file *ast.File, directory string, constants, found map[string]string) {
	ast.Inspect(file, func(node ast.Node) bool {
		switch value := node.(type) {
		case *ast.CompositeLit:
			if kind, ok := kinds[typeName(value.Type)]; ok {
				if text, ok := metricName(value, directory, constants); ok {
					found[text] = kind
				}
			}
		case *ast.CallExpr:
			called, ok := value.Fun.(*ast.SelectorExpr)
			if ok && called.Sel.Name == "NewDesc" && len(value.Args) > 1 {
				if text, ok := textOf(value.Args[0], directory, constants); ok && text != "" {
					found[text] = kindByName(text)
				}
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(value.Value); err == nil && plainName.MatchString(text) {
				found[text] = kindByName(text)
			}
		}
		return true
	})
}

func typeName(expression ast.Expr) string {
	switch value := expression.(type) {
	case *ast.SelectorExpr:
		return value.Sel.Name
	case *ast.Ident:
		return value.Name
	}
	return ""
}

func metricName(literal *ast.CompositeLit, directory string, constants map[string]string) (string, bool) {
	fields := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = pair.Value
			}
		}
	}
	if fields["Name"] == nil {
		return "", false
	}
	var parts []ast.Expr
	for _, key := range []string{"Namespace", "Subsystem", "Name"} {
		if fields[key] != nil {
			parts = append(parts, fields[key])
		}
	}
	return joined(parts, directory, constants)
}

func kindByName(name string) string {
	if strings.HasSuffix(name, "_total") {
		return "counter"
	}
	return "gauge"
}

// As client_golang names what runtime/metrics has: https://pkg.go.dev/github.com/prometheus/client_golang/prometheus/collectors
func addRuntime(found map[string]string) {
	for _, description := range metrics.All() {
		path, unit, _ := strings.Cut(strings.TrimPrefix(description.Name, "/"), ":")
		name := "go_" + strings.NewReplacer("/", "_", "-", "_").Replace(path) + "_" + strings.NewReplacer("-", "_", "*", "_", "/", "_per_").Replace(unit)
		kind := "gauge"
		if description.Kind == metrics.KindFloat64Histogram {
			kind = "histogram"
		} else if description.Cumulative {
			name, kind = name+"_total", "counter"
		}
		found[name] = kind
	}
}

func write(path string, read []string, found map[string]string, releases map[string][]int) {
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	zipped, _ := gzip.NewWriterLevel(file, gzip.BestCompression)
	out := bufio.NewWriter(zipped)
	fmt.Fprintln(out, "kubeprof metrics 1")
	for _, module := range read {
		fmt.Fprintln(out, "module", module)
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	sort.Strings(names)
	all := [2]int{math.MaxInt, 0}
	for _, minors := range releases {
		all = [2]int{min(all[0], slices.Min(minors)), max(all[1], slices.Max(minors))}
	}
	for _, name := range names {
		fmt.Fprintf(out, "%s %s%s\n", name, found[name], releasesOf(releases[name], all))
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d metrics", len(found))
}
