package main

import (
	"compress/gzip"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// Folders that no server's binary holds.
var left = regexp.MustCompile(`(^|/)(testdata|testing|tests?|fakes?|examples?|_examples|integration|e2e|e2e_node|hack|` +
	`applyconfigurations|docs?|contrib|benchmarks?|interop|reflection/grpc_testing.*|fuzz|mocks?)(/|$)`)

var kept = map[string]*regexp.Regexp{
	"k8s.io/kubernetes":    regexp.MustCompile(`^(pkg|plugin|third_party|staging/src|cmd/kube|cmd/cloud|cmd/kubelet)`),
	"golang.org/toolchain": regexp.MustCompile(`^(?:[a-bd-z]|c[a-ln-z])`), // all but cmd
}

// Assembly says TEXT ·name(SB) or TEXT runtime·name(SB).
var assembly = regexp.MustCompile(`(?m)^TEXT\s+([\w∕]*)·(\w+)(?:<ABIInternal>)?\(SB\)`)

// The functions of the sources below root, as `path NUL name`, where name is what follows the path and its dot in a
// profile.
func namesIn(root, module string) ([]string, error) {
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil || entry.IsDir() || !isWanted(folder, module) {
			return err
		}
		return addFile(found, file, packagePath(folder, module))
	})
	return sortedKeys(found), err
}

func isWanted(folder, module string) bool {
	if left.MatchString(folder) {
		return false
	}
	pattern := kept[module]
	return pattern == nil || pattern.MatchString(folder)
}

// Paths up to vendor/ and staging/src/ are no part of the names that rules see.
func packagePath(folder, module string) string {
	folder = filepath.ToSlash(folder)
	for _, prefix := range []string{"vendor/", "staging/src/"} {
		if rest, ok := strings.CutPrefix(folder, prefix); ok {
			return rest
		}
	}
	switch {
	case module == "golang.org/toolchain":
		return folder
	case folder == ".":
		return module
	}
	return module + "/" + folder
}

func addFile(found map[string]bool, file, path string) error {
	name := filepath.Base(file)
	isGo := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	if !isGo && !strings.HasSuffix(name, ".s") || !isForLinux(file) {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !isGo {
		for _, match := range assembly.FindAllStringSubmatch(string(text), -1) {
			owner := path
			if match[1] != "" {
				owner = strings.ReplaceAll(match[1], "∕", "/")
			}
			found[owner+"\x00"+match[2]] = true
		}
		return nil
	}
	// What cannot be parsed holds templates, or is for another Go than ours.
	parsed, _ := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	// A main package is named main whatever program it is of, so that its functions say nothing.
	if parsed == nil || parsed.Name.Name == "main" || strings.HasSuffix(parsed.Name.Name, "_test") {
		return nil
	}
	for _, declaration := range parsed.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			found[path+"\x00"+nameOf(function)] = true
		}
	}
	return nil
}

func isForLinux(file string) bool {
	for _, arch := range []string{"amd64", "arm64"} {
		context := build.Default
		context.GOOS, context.GOARCH, context.CgoEnabled = "linux", arch, true
		if matches, err := context.MatchFile(filepath.Dir(file), filepath.Base(file)); err == nil && matches {
			return true
		}
	}
	return false
}

// F, F[...], T.M, (*T).M, (*T[...]).M
func nameOf(function *ast.FuncDecl) string {
	name := function.Name.Name
	if function.Recv == nil || len(function.Recv.List) == 0 {
		if function.Type.TypeParams != nil {
			return name + "[...]"
		}
		return name
	}
	receiver := function.Recv.List[0].Type
	if paren, ok := receiver.(*ast.ParenExpr); ok {
		receiver = paren.X
	}
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		return "(*" + typeName(pointer.X) + ")." + name
	}
	return typeName(receiver) + "." + name
}

func typeName(expression ast.Expr) string {
	switch t := expression.(type) {
	case *ast.Ident:
		return t.Name
	case *ast.IndexExpr:
		return typeName(t.X) + "[...]"
	case *ast.IndexListExpr:
		return typeName(t.X) + "[...]"
	case *ast.ParenExpr:
		return typeName(t.X)
	}
	return "?"
}

type gzipFile struct {
	*gzip.Writer
	file *os.File
}

func createGzip(name string) (*gzipFile, error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	writer, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	return &gzipFile{writer, file}, err
}

func (g *gzipFile) Close() error {
	if err := g.Writer.Close(); err != nil {
		return err
	}
	return g.file.Close()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Those of most versions first.
func sortedBits(m map[uint64][]string) []uint64 {
	keys := make([]uint64, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] > keys[j] })
	return keys
}
