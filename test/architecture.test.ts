import { readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = [
  'profile',
  'gzip',
  'diagnosis',
  'api',
  'judge',
  'store',
  'history',
  'queue',
  'collect',
  'worker',
  'server',
  'web',
  'cli',
]

test.each(folders)('%s imports only the folders that its tsconfig lists', (folder) => {
  const allowed = new Set([folder, ...referencesOf(folder)])
  expect(importsOf(folder).filter(({ target }) => !allowed.has(target))).toEqual([])
})

test.each(folders)('%s is imported by other folders through its entry files alone', (folder) => {
  const inner = folders
    .filter((other) => other !== folder)
    .flatMap((other) => importsOf(other))
    .filter(({ target, file }) => target === folder && !entryFiles(folder).has(file))
  expect(inner).toEqual([])
})

/**
 * The order of what lies in a folder, lowest first: each entry imports those above it in the list alone. What is not
 * listed, such as `index.ts`, stands on top: no entry imports it.
 */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'types.ts',
    'profile-format-error.ts',
    'report-error.ts',
    'columns',
    'units',
    'names',
    'decode',
    'origin',
    'trace',
    'filter',
    'repair',
    'legacy',
    'codec',
    'combine',
    'history',
    'text',
    'dumps',
    'printed',
    'views',
    'report',
  ],
  api: [
    'errors.ts',
    'json-value.ts',
    'label-name.ts',
    'facet-values.ts',
    'schemas.ts',
    'profiles',
    'findings.ts',
    'rule-sections.ts',
    'rules.ts',
    'ranges',
    'targets',
    'links.ts',
    'accounts.ts',
    'session.ts',
    'health.ts',
  ],
  diagnosis: ['pattern', 'rule', 'judge', 'render', 'symbols'],
  'web/texts/zh': ['translate-message.ts', 'messages'],
  'profile/report': ['report-settings.ts', 'open-report.ts', 'graph', 'text', 'formats'],
  'diagnosis/render': ['phrases.ts', 'evidence', 'advice'],
  'diagnosis/judge': ['facts', 'prepare', 'usual', 'match', 'verdict'],
  store: [
    'id.ts',
    'near.ts',
    'page.ts',
    'target-name.ts',
    'options.ts',
    'process-address.ts',
    'blobs',
    'directory-lock.ts',
    'schema',
    'database',
    'accounts',
    'jobs',
    'findings',
    'profiles',
    'captures',
    'targets',
    'history',
    'retention',
    'integrity',
    'installation',
    'clock',
    'spaces',
    'rows',
    'store.ts',
    'copy',
  ],
  'store/schema': ['migrations'],
  history: [
    'options.ts',
    'packing-rules.ts',
    'selector.ts',
    'tiers.ts',
    'plan.ts',
    'history-store.ts',
    'blocks',
    'ranges',
    'numbered',
    'clickhouse',
  ],
  worker: ['options.ts', 'worker-metrics.ts', 'pool', 'decoder', 'jobs', 'views'],
  'worker/decoder': [
    'ask-parent.ts',
    'view-errors.ts',
    'compile-re2.ts',
    'sample-type-at.ts',
    'pack-columns.ts',
    'viewed-profiles.ts',
    'relayed-blobs.ts',
    'open-decoder-blobs.ts',
    'analysis',
    'views',
    'ranges',
    'serve-decoder.ts',
    'decoder-main.ts',
  ],
  collect: ['log.ts', 'tracer.ts', 'options.ts', 'reach', 'take', 'receive', 'targets', 'schedule'],
  'collect/reach': ['target-spec.ts', 'process-address.ts', 'net', 'kube', 'discover'],
  server: [
    'options.ts',
    'accounts-options.ts',
    'ports',
    'http',
    'accounts',
    'sign-in',
    'profiles',
    'ranges',
    'captures',
    'findings',
    'targets',
    'rules',
    'links',
  ],
  web: [
    'paths.ts',
    'key-table.ts',
    'texts',
    'format',
    'untrusted',
    'view-state',
    'local-profiles',
    'requests',
    'ui',
    'lists',
    'pictures',
    'charts',
    'session',
    'graph-layout',
    'view-worker',
    'actions',
    'toolbar',
    'view-parts',
    'flame',
    'data-table',
    'tables',
    'flame-view',
    'graph-view',
    'views',
    'findings',
    'standalone',
    'export',
    'share',
    'uploads',
    'profiles',
    'profile-page',
    'compare',
    'ranges',
    'captures',
    'local',
    'shared-page',
    'inbox',
    'rules',
    'targets',
    'settings',
    'fleet',
    'start',
    'shell',
  ],
  'web/texts': [
    'language.ts',
    'en',
    'en.ts',
    'zh',
    'zh.ts',
    'server-message.ts',
    'texts-context.ts',
    'time-zone.ts',
    'time-zone-context.ts',
  ],
  cli: [
    'terminal',
    'settings',
    'input',
    'trace',
    'diagnose',
    'push',
    'capture',
    'diff',
    'query',
    'rules',
    'service',
    'store',
    'pprof',
  ],
  'cli/service': [
    'closers.ts',
    'start-error.ts',
    'has-database.ts',
    'service-flags.ts',
    'observe',
    'parts',
    'open-service.ts',
    'listen.ts',
    'reload-on-signal.ts',
    'commands',
  ],
  'cli/pprof': ['reports', 'flags', 'sources', 'shell', 'page'],
}

const foldersWithin = folders.flatMap((folder) =>
  [folder, ...foldersBelow(folder)].filter((parent) => foldersBelow(parent).length > 0),
)

test.each(foldersWithin)('what lies in %s imports in one direction', (folder) => {
  const order = ORDER[folder] ?? []
  const rank = (path: string) => {
    const place = order.indexOf(relative(folder, path).split(sep)[0] ?? '')
    return place === -1 ? order.length : place
  }
  const backwards = importsOf(folder)
    .map(({ from, target, file }) => ({ from, to: join(target, file) }))
    .filter(({ from, to }) => to.startsWith(folder + sep) && rank(to) > rank(from))
  expect(backwards).toEqual([])
})

test.each(foldersWithin)('the order of %s lists its subfolders and no other', (folder) => {
  const listed = (ORDER[folder] ?? []).filter((entry) => !/\.tsx?$/.test(entry))
  const subfolders = foldersBelow(folder).filter((path) => dirname(path) === folder)
  expect(listed.toSorted()).toEqual(subfolders.map((path) => basename(path)).toSorted())
})

test('profile imports no package', () => {
  const packages = sourcesBelow('profile')
    .flatMap((file) => specifiersIn(file).map((specifier) => ({ file, specifier })))
    .filter(({ specifier }) => !specifier.startsWith('.'))
  expect(packages).toEqual([])
})

test.each(['profile', 'diagnosis', 'api'])(
  '%s is compiled without Node and DOM types',
  (folder) => {
    const { types, lib } = tsconfigOf(folder).compilerOptions
    expect({ types, lib }).toEqual({ types: undefined, lib: undefined })
  },
)

/** A page shows what was asked of it a while later, on a busy machine seconds later. */
test('what a page shows is waited for: expect.poll reads it until it is so', () => {
  const readOnce = sourcesBelow('test/e2e').flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => /\bexpect\(await (?!countNow\()/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(readOnce).toEqual([])
})

/**
 * gzip and judge have an entry for each place they run in; decoder
 * processes read blobs and throw errors without the database and the schemas, and so does the page name kinds of targets;
 * the command line and the page read JSON of others, and name versions, without the schemas; who checks rules needs more of diagnosis.
 */
const MORE_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  gzip: ['node.ts', 'browser.ts'],
  judge: ['browser.ts'],
  diagnosis: ['symbols.ts'],
  api: [
    'profiles/bundle-name.ts',
    'errors.ts',
    'facet-values.ts',
    'json-value.ts',
    'label-name.ts',
    'rule-sections.ts',
    'targets/kubernetes-version.ts',
    'profiles/profile-kinds.ts',
    'ranges/range-of-capture.ts',
    'ranges/selector.ts',
    'profiles/stale-note.ts',
    'targets/storage-estimate.ts',
    'targets/target-kinds.ts',
  ],
  store: ['blobs.ts'],
  collect: ['reach/net/http-get.ts', 'reach/kube/kubeconfig.ts'],
}

function entryFiles(folder: string): ReadonlySet<string> {
  return new Set(['index.ts', ...(MORE_ENTRIES[folder] ?? [])])
}

function referencesOf(folder: string): string[] {
  return tsconfigOf(folder).references.map((reference) => reference.path.replace('../', ''))
}

interface Tsconfig {
  readonly compilerOptions: { readonly types?: string[]; readonly lib?: string[] }
  readonly references: readonly { readonly path: string }[]
}

function tsconfigOf(folder: string): Tsconfig {
  return JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'))
}

function importsOf(folder: string) {
  return sourcesBelow(folder).flatMap((from) =>
    specifiersIn(from)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => {
        const path = relative(root, join(dirname(join(root, from)), specifier))
        const [target = '', ...rest] = path.split(sep)
        return { from, target, file: rest.join('/') }
      }),
  )
}

function specifiersIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const pattern =
    /^\s*(?:import|export)\s[^'"`;]*?from\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

/** Folders with sources in them or below them. */
function foldersBelow(folder: string): readonly string[] {
  const paths = new Set<string>()
  for (const file of sourcesBelow(folder)) {
    for (let path = dirname(file); path !== folder; path = dirname(path)) paths.add(path)
  }
  return [...paths].toSorted()
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file))
}
