import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { COMMANDS, readSettings, settingEntries } from '../../cli/index.ts'
import { planCapture, readTargetsFile } from '../../collect/index.ts'

interface Container {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: readonly { readonly name: string }[]
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly securityContext: unknown
  readonly resources: { readonly limits?: { readonly memory?: string } }
}
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules?: readonly { readonly nonResourceURLs?: readonly string[] }[]
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: Container[] } } }
}

interface Kustomization {
  readonly configMapGenerator: readonly { readonly literals: readonly string[] }[]
}

const folder = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url))
const manifests = globSync('{base,scaled-out,components/*}/*.yaml', { cwd: folder })
  .filter((name) => !/kustomization|targets/.test(name))
  .flatMap((name) => parseAllDocuments(readFileSync(folder + name, 'utf8')))
  .map((document): Manifest => document.toJS())
const containers = manifests.flatMap(({ spec }) => spec?.template?.spec.containers ?? [])

test.each(containers)(
  '$name is started by a command and settings that exist',
  ({ args, env = [] }) => {
    const known = settingEntries().flatMap(({ envName }) => [envName, `${envName}_FILE`])
    const ours = env.map(({ name }) => name).filter((name) => name.startsWith('KUBEPROF_'))
    expect(Object.keys(COMMANDS)).toContain(args[0])
    expect([...known, 'KUBEPROF_TOKEN']).toEqual(expect.arrayContaining(ours))
  },
)

test.each(containers)(
  '$name runs without privileges, on a read-only root, within limits',
  (container) => {
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container.resources.limits?.memory).toMatch(/^\d+[MG]i$/)
  },
)

test('the collector alone has the credential of the cluster', () => {
  const mounts = containers.map(({ name, volumeMounts }) => ({
    name,
    has: volumeMounts.some(({ mountPath }) => mountPath.includes('serviceaccount')),
  }))
  // One in each shape.
  expect(mounts.filter(({ has }) => has).map(({ name }) => name)).toEqual([
    'collector',
    'collector',
  ])
})

test('the paths that are granted one by one are those that captures ask for', () => {
  const kinds = [
    'cpu',
    'heap',
    'allocs',
    'goroutine',
    'block',
    'mutex',
    'threadcreate',
    'goroutineleak',
    'trace',
  ] as const
  const { parts } = planCapture(null, {
    seconds: 1,
    kinds: [...kinds, 'metrics', 'version', 'healthz', 'statusz', 'flagz'],
  })
  const paths = new Set(
    parts.map(
      ({ path, isOfPprof }) => (isOfPprof ? '/debug/pprof' : '') + path.replace(/\?.*/, ''),
    ),
  )
  const reader = manifests.find(({ metadata }) => metadata.name === 'kubeprof-pprof-reader')
  const granted = (reader?.rules ?? []).flatMap(({ nonResourceURLs }) => nonResourceURLs ?? [])
  expect([...granted].sort()).toEqual([...paths].sort())
})

test('the settings of the scaled-out shape exist and are valid', async () => {
  const { configMapGenerator }: Kustomization = parse(
    readFileSync(`${folder}scaled-out/kustomization.yaml`, 'utf8'),
  )
  const literals = configMapGenerator.flatMap(({ literals: lines }) => lines)
  const env: Readonly<Record<string, string>> = Object.fromEntries(
    literals.map((line) => line.split(/=(.*)/s).slice(0, 2)),
  )
  const known = settingEntries().flatMap(({ envName }) => [envName, `${envName}_FILE`])
  expect(known).toEqual(expect.arrayContaining(Object.keys(env)))
  const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_FILE')))
  const settings = await readSettings({ file: null, env: plain, flags: {} })
  expect(settings).toMatchObject({
    store: { kind: 'postgres' },
    blobs: { kind: 's3' },
    queue: { kind: 'bullmq' },
  })
})

test('every namespaced object says its namespace, since no transformer may', () => {
  const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding']
  const bare = manifests.filter(
    ({ kind, metadata }) => !clusterWide.includes(kind) && metadata.namespace === undefined,
  )
  expect(bare.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([])
})

test('the targets that it begins with are valid', async () => {
  const { collect } = await readSettings({ file: null, env: {}, flags: {} })
  const read = readTargetsFile(readFileSync(`${folder}base/targets.yaml`, 'utf8'), collect)
  expect('faults' in read ? read.faults : []).toEqual([])
})
