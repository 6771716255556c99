// What pprof makes of the names of functions. Each function names the source it follows.

/**
 * The name as pprof shows it when asked for nothing else: it takes names with brackets for C++ and cuts arguments and
 * template parameters, which also damages some Go names. Mangled C++ and Rust names stay as they are.
 * https://github.com/google/pprof/blob/main/internal/symbolizer/symbolizer.go
 */
export function cutCppArguments(
  systemName: string,
  cut: 'arguments and templates' | 'arguments' | 'nothing' = 'arguments and templates',
): string {
  if (cut === 'nothing') return systemName
  if (systemName.includes('.<') || systemName.includes(']).')) return systemName
  if (!/[<>[\]]|::/.test(systemName)) return systemName
  const plain = cutBalanced(systemName, '(', ')')
  return cut === 'arguments' ? plain : cutBalanced(plain, '<', '>')
}

/**
 * Whether the name is of an instance of a generic function or type of Go: a package before the first bracket, which is
 * neither a template's nor an array's, `slices.SortFunc[go.shape.func(int)]`, `main.(*T).M.gen[...].func1`.
 */
export function isGoGeneric(name: string): boolean {
  const bracket = name.indexOf('[')
  if (bracket === -1) return false
  const before = name.slice(0, bracket)
  return before.includes('.') && !/[\s<>]|::/.test(before)
}

/** The name without each outermost `open...close`; as it is where they do not match. */
function cutBalanced(name: string, open: string, close: string): string {
  let rest = name
  let depth = 0
  let first = 0
  for (let index = 0; index < rest.length; index++) {
    if (rest[index] === open) {
      if (depth++ === 0) first = index
    } else if (rest[index] === close) {
      if (--depth < 0) return rest
      if (depth > 0) continue
      rest = rest.slice(0, first) + rest.slice(index + 1)
      index = first - 1
    }
  }
  return rest
}

/**
 * The name that drop_frames, keep_frames and prune_from are matched with: without its argument list.
 * https://github.com/google/pprof/blob/main/profile/prune.go
 */
export function simplifyFuncName(name: string): string {
  const plain = name.startsWith('.') ? name.slice(1) : name
  for (const { 0: bracket, index } of plain.matchAll(/\(anonymous namespace\)|operator\(\)|\(/g)) {
    if (bracket === '(') return plain.slice(0, index)
  }
  return plain
}

const SHORT_NAMES = [
  // Go: without the path of the package.
  /^(?:[\w\-.]+\/)+([^.]+\..+)/,
  // Java: without packages and arguments.
  /^(?:[a-z]\w*\.)*([A-Z][\w$]*\.(?:<init>|[a-z][\w$]*(?:\$\d+)?))(?:\(|$)/,
  // C++: without namespaces.
  /^(?:[_a-zA-Z]\w*::)+(_*[A-Z]\w*::~?[_a-zA-Z]\w*(?:<.*>)?)/,
] as const

/**
 * The name without packages and namespaces, for places that are small.
 * https://github.com/google/pprof/blob/main/internal/graph/graph.go
 */
export function shortenFuncName(name: string): string {
  const plain = name
    .replace(/^\(anonymous namespace\)::/, '')
    .replace(/^(.*?)\/v(?:[2-9]|[1-9][0-9]+)([./].*)$/, '$1$2')
  for (const pattern of SHORT_NAMES) {
    const short = pattern.exec(plain)?.[1]
    if (short !== undefined) return short
  }
  return plain
}
