import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, expect, test } from 'vitest'
import { runDiagnose } from '../../../cli/diagnose/diagnose-command.ts'
import { encodeProfile, type Profile } from '../../../profile/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-diagnose-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface RunOptions {
  readonly stdin?: Uint8Array
  readonly isTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
}

async function run(args: readonly string[], options: RunOptions = {}) {
  const { stdin = new Uint8Array(), isTerminal = false, env = {} } = options
  let out = ''
  let error = ''
  const code = await runDiagnose(args, {
    stdin: () => Readable.from([stdin]),
    writeOut: (text) => (out += text.toString()),
    writeError: (text) => (error += text),
    isTerminal,
    env,
  })
  return { code, out, error }
}

const LIST =
  'k8s.io/apiserver/pkg/storage/etcd3.(*store).GetList; k8s.io/apiserver/pkg/storage/etcd3.decodeListItem'
const SENDING = 'k8s.io/apiserver/pkg/endpoints/handlers/responsewriters.SerializeObject'
const SICK = cpuProfile(`${LIST} 1200\n${SENDING} 600`)

function bytesOf(profile: Profile): Uint8Array {
  return gzipSync(encodeProfile(profile))
}

function write(name: string, bytes: Uint8Array | string): string {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

test('a finding alone does not fail the command, unless --fail-on says so', async () => {
  const file = write('sick.pb.gz', bytesOf(SICK))
  expect((await run([file])).code).toBe(0)
  expect((await run(['--fail-on', 'critical', file])).code).toBe(1)
  const well = write('well.pb.gz', bytesOf(cpuProfile('main.main 300')))
  expect((await run(['--fail-on', 'info', well])).code).toBe(0)
})

test('--type may be written in capitals', async () => {
  const names = ['main.main 1;k8s.io/apiserver/a.B 300', 'main.main 1;k8s.io/apiserver/a.C 300']
  const file = write('capitals.txt', `${names.join('\n')}\n`)
  const { code, out } = await run(['--type', 'CPU', file])
  expect(code).toBe(0)
  expect(out).toContain('capitals.txt: cpu')
})

test('--type says what profiles are of that do not say it, and no other', async () => {
  const names = ['main.main 1;k8s.io/apiserver/a.B 300', 'main.main 1;k8s.io/apiserver/a.C 300']
  const file = write('stacks.txt', `${names.join('\n')}\n`)
  const typesOf = async (...args: string[]) => {
    const { out } = await run(['--json', ...args])
    const report: { readonly inputs: { readonly type: string }[] } = JSON.parse(out)
    return report.inputs.map(({ type }) => type)
  }
  expect(await typesOf(file)).toEqual(['unknown'])
  expect((await run([file])).out).toContain('Say it: --type cpu, heap')
  expect(await typesOf('--type', 'heap', file)).toEqual(['heap'])
  expect(await typesOf('--type', 'heap', write('sick.pb.gz', bytesOf(SICK)))).toEqual(['cpu'])
  await expect(run(['--type', 'memory', file])).rejects.toThrow('--type is one of cpu, heap')
})

test('--json prints one report', async () => {
  const { out } = await run(['--json', write('sick.pb.gz', bytesOf(SICK))])
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    inputs: [{ type: 'cpu', samples: 1800, durationSeconds: 10 }],
    gc: { paidShare: 0 },
    findings: [{ rule: 'apiserver.list-from-etcd', level: 'critical', profile: 'cpu' }],
  })
})

test('standard input is a profile as well', async () => {
  const { out, code } = await run(['--json', '-'], { stdin: bytesOf(SICK) })
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ inputs: [{ path: '-' }] })
})

test('a person reads what it is, the evidence and what to do, without colour in a file', async () => {
  const { out } = await run([write('sick.pb.gz', bytesOf(SICK))])
  expect(out).toMatch(/CRITICAL {2}Objects are listed from etcd/)
  expect(out).toMatch(/█+░+ 67% of CPU time \(95% sure: \d+% – \d+%\), 1\.20 cores/)
  expect(out).toMatch(/▶ k8s\.io\/apiserver\/pkg\/storage\/etcd3\.\(\*store\)\.GetList/)
  expect(out).toMatch(/1\. Where the kind has a watch cache: an informer/)
  expect(out).not.toContain('\u001b')
})

test('a hint has all that is to do and where to look, as worse findings have', async () => {
  const file = write('hint.pb.gz', bytesOf(cpuProfile(`${LIST} 70\n${SENDING} 900`)))
  expect((await run([file])).out).toMatch(/INFO .+from etcd[^]+ {4}2\. [^]+ {2}Look\n/)
})

test('a terminal has colour, but not where NO_COLOR is set', async () => {
  const file = write('sick.pb.gz', bytesOf(SICK))
  expect((await run([file], { isTerminal: true })).out).toContain('\u001b[1;31m')
  const plain = await run([file], { isTerminal: true, env: { NO_COLOR: '1' } })
  expect(plain.out).not.toContain('\u001b')
})

test('--lang zh speaks Chinese', async () => {
  const { out } = await run(['--lang', 'zh', write('sick.pb.gz', bytesOf(SICK))])
  expect(out).toMatch(/列出对象时绕过 watch cache/)
})

test('a file that is not a profile is reported, and the others are judged', async () => {
  const bad = write('bad.pb.gz', 'not a profile at all, sorry')
  const { code, out, error } = await run(['--json', bad, write('sick.pb.gz', bytesOf(SICK))])
  expect(code).toBe(3)
  expect(error).toMatch(/^kubeprof diagnose: .*bad\.pb\.gz: .+\n$/)
  expect(JSON.parse(out)).toMatchObject({ findings: [{ rule: 'apiserver.list-from-etcd' }] })
})

test('a folder is a capture: its profiles, metrics, version and logs are read together', async () => {
  const capture = join(folder, 'capture')
  mkdirSync(capture)
  writeFileSync(join(capture, 'cpu.pb.gz'), bytesOf(SICK))
  writeFileSync(
    join(capture, 'metrics.txt'),
    'apiserver_storage_list_fetched_objects_total{resource="pods"} 4500\n',
  )
  writeFileSync(join(capture, 'version.json'), '{"gitVersion": "v1.35.1"}')
  writeFileSync(join(capture, 'a.log'), 'RequestWatchProgress feature is not supported by "x"\n')
  const { out } = await run([capture])
  expect(out).toMatch(/Kubernetes v1\.35\.1/)
  expect(out).toMatch(/Objects read from etcd for lists: pods 4,500 \(since the process started\)/)
  expect(out).toMatch(/a\.log: 1 such lines, the last: RequestWatchProgress/)
})

test('captures of two processes are not judged as one, whose metrics would be said of the other', async () => {
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'cpu.pb.gz'), bytesOf(SICK))
    writeFileSync(join(folder, name, 'metrics.txt'), 'go_goroutines 5\n')
  }
  const both = [join(folder, 'one'), join(folder, 'two')]
  await expect(run(both)).rejects.toThrow(`${both.join(', ')} are captures of their own`)
  const { code } = await run(['--previous', ...both])
  expect(code).toBe(0)
})

const FETCHED = 'apiserver_storage_list_fetched_objects_total{resource="pods"}'

test('metrics from before and after the CPU profile give rates, gzipped or not', async () => {
  const capture = join(folder, 'rates')
  mkdirSync(capture)
  writeFileSync(join(capture, 'cpu.pb.gz'), bytesOf(SICK))
  writeFileSync(join(capture, 'metrics-before.txt.gz'), gzipSync(`${FETCHED} 4500\n`))
  writeFileSync(join(capture, 'metrics.txt.gz'), gzipSync(`${FETCHED} 54500\n`))
  const { out } = await run([capture])
  expect(out).toMatch(/Objects read from etcd for lists: pods 5,000\/s$/m)
})

test('a bundle is a capture in one file', async () => {
  const bundle = await packTar([
    { header: { name: 'kube-apiserver/', type: 'directory', size: 0 } },
    ...[
      { name: 'kube-apiserver/cpu.pb.gz', body: bytesOf(SICK) },
      { name: 'kube-apiserver/version.json', body: '{"gitVersion": "v1.35.1"}' },
      { name: 'kube-apiserver/metrics.txt', body: `${FETCHED} 4500\n` },
      { name: 'kube-apiserver/trace.out', body: 'go 1.26 trace' },
    ].map(({ name, body }) => ({ header: { name, size: body.length }, body })),
  ])
  const files = [
    write('capture.tar.gz', gzipSync(bundle)),
    write('capture.tar.zst', zstdCompressSync(bundle)),
  ]
  for (const file of files) {
    const { out, code } = await run(['--json', file])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      inputs: [{ path: `${file}/kube-apiserver/cpu.pb.gz`, kubernetesVersion: 'v1.35.1' }],
      findings: [{ rule: 'apiserver.list-from-etcd' }],
    })
  }
})

test('the summary of an execution trace is printed below the findings, and a broken trace is reported', async () => {
  const capture = join(folder, 'traced')
  mkdirSync(capture)
  write('traced/cpu.pb.gz', bytesOf(SICK))
  const trace = readFileSync(new URL('../../fixtures/traces/go126-mixed.out.gz', import.meta.url))
  write('traced/trace.out', gunzipSync(trace))
  const { code, out } = await run([capture])
  expect(code).toBe(0)
  expect(out).toMatch(/^\S+trace\.out: Execution trace of Go 1\.26, .* goroutines/m)
  expect(out.indexOf('trace.out')).toBeGreaterThan(out.indexOf('cpu.pb.gz'))
  expect(JSON.parse((await run(['--json', capture])).out)).toMatchObject({ version: 1 })
  write('traced/trace.out', 'go 1.26 trace\0\0\0broken')
  const broken = await run([capture])
  expect(broken.code).toBe(3)
  expect(broken.error).toMatch(/traced\/trace\.out: /)
})

test('a bundle that breaks off is bad input, not an error of ours', async () => {
  const body = bytesOf(SICK)
  const whole = await packTar([{ header: { name: 'cpu.pb.gz', size: body.length }, body }])
  const file = write('broken.tar.gz', gzipSync(whole.subarray(0, 700)))
  const { code, error } = await run([file])
  expect(code).toBe(3)
  expect(error).toMatch(/broken\.tar\.gz: the bundle cannot be read: /)
})

test('an idle process is what capture.json says, unless the command line knows better', async () => {
  const capture = join(folder, 'idle')
  mkdirSync(capture)
  writeFileSync(join(capture, 'cpu.pb.gz'), bytesOf(cpuProfile('main.main 3')))
  writeFileSync(join(capture, 'capture.json'), '{"component": "kube-scheduler"}')
  expect((await run([capture])).out).toMatch(/cpu, kube-scheduler/)
  expect((await run(['--component', 'etcd', capture])).out).toMatch(/cpu, etcd/)
})

test.each([
  [[], /name a profile/],
  [['/no/such/file'], /there is no file or folder "\/no\/such\/file"/],
  [['--fail-on', 'bad', 'x'], /--fail-on is one of info, warning, critical/],
  [['--rules', '/no/such', 'x'], /there is no file or folder "\/no\/such"/],
  [['--jsom', 'x'], /did you mean --json\?/],
])('wrong usage %j is reported in a sentence', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message)
})

test('names in a profile cannot steer the terminal', async () => {
  const hostile = cpuProfile(`\u001b[2Jevil\u202e; ${LIST} 600`)
  const { out } = await run([write('hostile.pb.gz', bytesOf(hostile))])
  expect(out).not.toContain('\u001b')
  expect(out).not.toContain('\u202e')
})

test('Chinese text ends before the right edge, whose characters take two columns', async () => {
  const { out } = await run(['--lang', 'zh', write('wide.pb.gz', bytesOf(SICK))])
  const prose = out
    .split('\n')
    .filter((line) => /^\s*(?:\d\. )?\p{Script=Han}/u.test(line) && !line.includes('https:'))
  const columns = prose.map((line) => line.replaceAll(/[\u2e80-\uffef]/gu, '..').length)
  expect(Math.max(...columns)).toBeGreaterThan(80)
  expect(Math.max(...columns)).toBeLessThanOrEqual(96 + 7)
})
