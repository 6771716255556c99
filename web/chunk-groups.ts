import type { Plugin, Rolldown } from 'vite'

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1]

/** Of the 20 pages and the views: what so many of them use is one file. */
const USED_BY_MOST = 13

/**
 * Which modules come in one file. Split by who uses what alone, the page of a profile loads 58 files, each of which takes
 * its time in the server, in the browser and on the page's thread.
 */
export const CHUNK_GROUPS: Rolldown.CodeSplittingGroup[] = [
  {
    name: 'react',
    test: /\/node_modules\/(react|react-dom|scheduler)\/|\/web\/react-first\.ts$/,
    priority: 3,
  },
  { name: 'shell', tags: ['$initial'], priority: 2 },
  { name: 'parts', minShareCount: USED_BY_MOST, priority: 1 },
  {
    debugName: 'parts of the page of a profile',
    test: (id) => isOurs(id),
    name: groupOf,
    // What they use of packages stays with those who use it too.
    includeDependenciesRecursively: false,
  },
]

/**
 * All functions of these files are compiled while they arrive, beside the page's own thread, and not each when it is first
 * called. Chromium knows this first line, others skip it.
 */
export function compileAhead(): Plugin {
  return {
    name: 'compile-ahead',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk' || !AHEAD.has(file.name)) continue
          file.code = `//# allFunctionsCalledOnLoad\n${file.code}`
        }
      },
    },
  }
}

const AHEAD: ReadonlySet<string> = new Set(['react', 'index', 'shell', 'parts', 'viewer'])
const ROUTER = pathOf('router.tsx')
const PROFILE_PAGE = pathOf('profile-page/ProfilePage.tsx')
const VIEWS = pathOf('views/index.ts')
/** A page with one of these shows a profile or what was found in it. */
const SHOWN = [pathOf('flame/FlameChart.tsx'), pathOf('findings/Findings.tsx')]

/** `viewer`: of the pages that show a profile alone; `header`: what other pages use too; `views`: those loaded later. */
function groupOf(id: string, graph: Graph): string | null {
  const pages = graph.getModuleInfo(ROUTER)?.dynamicallyImportedIds ?? []
  if (pages.includes(id)) return null
  if (!reachOf(graph, [PROFILE_PAGE]).has(id)) {
    const later = graph.getModuleInfo(VIEWS)?.dynamicallyImportedIds ?? []
    return reachOf(graph, later).has(id) ? 'views' : null
  }
  const reaches = pages.map((page) => reachOf(graph, [page]))
  const users = reaches.filter((reach) => reach.has(id))
  return users.every((reach) => SHOWN.some((one) => reach.has(one))) ? 'viewer' : 'header'
}

/** Our modules that these load at once, and they themselves. */
function reachOf(graph: Graph, from: readonly string[]): ReadonlySet<string> {
  const reach = new Set(from)
  for (const id of reach) {
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) if (isOurs(next)) reach.add(next)
  }
  return reach
}

function isOurs(id: string): boolean {
  return id.startsWith(pathOf('./'))
}

function pathOf(name: string): string {
  return new URL(name, import.meta.url).pathname
}
