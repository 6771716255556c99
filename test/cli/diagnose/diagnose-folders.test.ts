import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { runDiagnose } from '../../../cli/diagnose/diagnose-command.ts'
import { encodeProfile } from '../../../profile/index.ts'
import { zipOf } from '../../gzip/zip-of.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'
import { printedBy } from '../printed-by.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-folders-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PROFILE = gzipSync(encodeProfile(cpuProfile('main.main 300')))
const DUMP = 'goroutine 1 [select]:\nmain.main()\n\t/src/main.go:29 +0x85\n'

test('a folder of clusterloader2 is judged by component, and its empty profiles are explained', async () => {
  const files = {
    'kube-apiserver_CPUProfile_load_2026-03-02T08:11:43Z.pprof': PROFILE,
    'kube-apiserver_CPUProfile_load_2026-03-02T08:21:43Z.pprof': PROFILE,
    'etcd_CPUProfile_load_2026-03-02T08:11:43Z.pprof': Buffer.alloc(0),
    'junit.xml': Buffer.from('<testsuite/>'),
  }
  const { code, inputs, error } = await diagnose('cl2', files)
  expect(code).toBe(3)
  expect(inputs).toEqual([
    ['kube-apiserver_CPUProfile_load_2026-03-02T08:21:43Z.pprof', 'cpu', 'kube-apiserver'],
  ])
  expect(error).toContain('1 earlier profiles of kube-apiserver-load are left out')
  expect(error).toMatch(/etcd_CPUProfile\S+: the file is empty \(0 bytes\).*--enable-pprof/)
})

test('a folder of must-gather has a profile and logs for each container', async () => {
  const pod = 'quay-io/namespaces/openshift-etcd/pods/etcd-0/etcd/etcd'
  const { code, inputs } = await diagnose('must-gather', {
    [`${pod}/pprof/profile`]: PROFILE,
    [`${pod}/logs/current.log`]: Buffer.from('2026-03-02T08:11:43Z apply request took too long\n'),
    'quay-io/cluster-scoped-resources/core/nodes.yaml': Buffer.from('a: b\n'),
  })
  expect(code).toBe(0)
  expect(inputs).toEqual([['profile', 'cpu', 'etcd']])
})

test('goroutines in the logs of kubectl cluster-info dump are a profile', async () => {
  const { code, inputs } = await diagnose('dump', {
    'nodes.json': Buffer.from('{}'),
    'kube-system/kube-apiserver-a/logs.txt': Buffer.from(`==== START logs\n${DUMP}`),
    'kube-system/web-b/logs.txt': Buffer.from('ok\n'),
  })
  expect(code).toBe(0)
  expect(inputs).toEqual([['logs.txt', 'goroutine', 'kube-apiserver']])
})

test('logs alone are searched, and nothing is reported as healthy', async () => {
  const path = write('logs', {
    'kube-system/kube-apiserver-a/logs.txt': Buffer.from('I0302 1 a.go:1] up\n'),
  })
  const { code, out } = await run(path)
  expect(code).toBe(0)
  expect(out).toContain('There are no profiles, so only 1 logs were searched.')
  expect(out).not.toContain('Nothing stands out')
})

test('a zip archive is a capture, or the one profile that is in it', async () => {
  const capture = zipOf({ 'a/cpu.pb.gz': PROFILE, 'a/goroutine-debug2.txt': Buffer.from(DUMP) })
  expect(await typesIn('capture.zip', capture)).toEqual(['cpu', 'goroutine'])
  expect(await typesIn('one.zip', zipOf({ profile: PROFILE }))).toEqual(['cpu'])
})

test('a folder without either is refused', async () => {
  const path = write('none', { 'a/b.txt': Buffer.from('x') })
  await expect(run(path)).rejects.toThrow('no profiles (*.pb.gz, *.pprof) lie in')
})

function write(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  return join(folder, name)
}

async function diagnose(name: string, files: Readonly<Record<string, Uint8Array>>) {
  const { code, out, error } = await run('--json', write(name, files))
  const report: {
    readonly inputs: { readonly path: string; readonly type: string; readonly component: string }[]
  } = JSON.parse(out)
  const inputs = report.inputs.map(({ path, type, component }) => [
    path.slice(path.lastIndexOf('/') + 1),
    type,
    component,
  ])
  return { code, inputs, error }
}

async function typesIn(name: string, bytes: Uint8Array): Promise<readonly string[]> {
  writeFileSync(join(folder, name), bytes)
  const { out } = await run('--json', join(folder, name))
  const report: { readonly inputs: { readonly type: string }[] } = JSON.parse(out)
  return report.inputs.map(({ type }) => type)
}

function run(...args: readonly string[]) {
  return printedBy((io) => runDiagnose(args, io))
}
