/** What `kubeprof pprof -help` prints. */
export const PPROF_HELP = `usage: kubeprof pprof [flags] [BINARY] SOURCE...

A SOURCE is a file, - for standard input, a URL, HOST:PORT, or with -kubeconfig a path of the API server, such as
/debug/pprof/profile; several are merged. The flags are pprof's own. Without a report a prompt opens, and with
-http=HOST:PORT (-http=: for a free port) the web page.

reports (one):
  -top -text          what costs most, a line per function
  -tree               each function with its callers and callees
  -peek PATTERN       the same for matching functions, untrimmed
  -traces             each sample with its labels and stack
  -tags               values of labels with what they cost
  -list PATTERN       sources of matching functions with what each line costs
  -raw -comments      the profile's tables; its comments
  -svg -web           the call graph as a picture to drag and zoom; opened in the browser
  -ps -png -gif -pdf  the same as another picture; the last three need Graphviz
  -dot -callgrind     for Graphviz; for KCachegrind
  -folded -speedscope -json -csv   for flame graph scripts, speedscope, programs, spreadsheets
  -proto -topproto    profile.proto: the profile; the rows of -top

sources on the network (docs/pprof-sources.md):
  -seconds N   -timeout N   -header 'NAME: VALUE' | @FILE   -kubeconfig FILE   -context NAME
  -tls_ca FILE   -tls_cert FILE   -tls_key FILE   https+insecure://...

which samples and frames:
  -focus -ignore -hide -show -show_from -prune_from PATTERN
  -tagfocus -tagignore [KEY=]PATTERN|RANGE   -tagshow -taghide PATTERN   -tagroot -tagleaf KEY,KEY
  -base SOURCE        subtract a profile         -diff_base SOURCE   compare with one
  -normalize          scale to the base first    -drop_negative      leave out what shrank

how they are counted and shown:
  -sample_index NAME|NUMBER   -mean   -divide_by N   -unit UNIT   -relative_percentages
  -functions -filefunctions -files -lines -addresses   -noinlines   -showcolumns   -call_tree
  -flat -cum   -nodecount N   -nodefraction F   -edgefraction F   -trim=false   -compact_labels
  -output FILE   -source_path DIRS   -trim_path DIRS   -symbolize none|demangle=...   -all_frames
  --pprof-bugs        as pprof also where it is wrong (docs/pprof-differences.md)

Patterns are RE2's. Exit codes: 0 fine, 2 usage, 3 bad input.
`
