import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memoryDirectory } from '../temporary-directory.ts'
import { runHere } from './run-here.ts'

const HERE = 'http://127.0.0.1:9'

test.each([
  [['query', '{}', '--server', 'example.com'], '--server is the address of a server'],
  [['query', '{}', '--report', 'nope'], 'there is no report nope'],
  [['query', '{}', '--report', 'peek'], 'say what to show: --function REGEX'],
  [['query', '{}', '--n', '-4'], '--n is a whole number'],
  [
    ['query', '{}', '--report', 'series', '--step', 'abc'],
    '--step is a whole number above 0, not abc',
  ],
  [['query', '{}', '--function='], '--function needs a value: --function REGEX'],
  [['diagnose', '--component', '', 'cpu.pb.gz'], '--component needs a value'],
  [['query', '{}', '--from', '99999999d'], '--from is a time'],
  [['query', '{}', '--to', '9999999999999'], '--to is a time'],
  [['push', 'example.com', '.'], 'the first argument is the address of a server'],
  [['push', '--wait', 'long', HERE, '.'], '--wait is a whole number of seconds below 1000'],
  [['backup', 'a', 'b'], 'backup takes one argument, but got "b"'],
  [['token', 'list', 'x'], 'token list takes no argument, but got "x"'],
  [['rules', 'explain', 'a', 'b'], 'rules explain takes one argument, but got "b"'],
  [['serve', 'x'], 'serve takes no argument, but got "x"'],
])(
  'kubeprof %j names what is wrong, and asks no server',
  async ([name = '', ...args], sentence) => {
    const { code, stdout, stderr } = await runHere(name, args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^kubeprof ${name}: [^\\n]+\\n$`))
    expect(stderr).toContain(sentence)
  },
)

test.each([
  ['server', 'trustedProxies: [0.0.0.0/0]', 'server.trustedProxies has 0.0.0.0/0, which is'],
  ['server', 'trustedProxies: [10.0.0.1, 10.0.0.0/33]', 'has 10.0.0.0/33, which is'],
  ['server', 'trustedProxies: ["fd00::/129"]', 'has fd00::/129, which is'],
  ['server', 'trustedProxies: [1.2.3]', 'has 1.2.3, which is'],
  ['tracing', 'otlpUrl: otel-collector:4318', 'the setting tracing.otlpUrl must match'],
])('kubeprof serve names the wrong value of `%s.%s`', async (section, setting, sentence) => {
  const folder = await memoryDirectory()
  const file = join(folder, 'kubeprof.yaml')
  await writeFile(file, `${section}:\n  ${setting}\n`)
  const flags = ['--config', file, '--data', folder, '--port', '0']
  const { code, stdout, stderr } = await runHere('serve', flags)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
})

test.each([
  ['store: { kind: postgres }', 'store.kind is postgres: set store.postgresUrl'],
  ['blobs: { kind: s3 }', 'blobs.kind is s3: set blobs.s3Bucket'],
  ['queue: { kind: bullmq-postgres }', 'queue.kind is bullmq-postgres: set queue.postgresUrl'],
  ['history: { kind: clickhouse }', 'history.kind is clickhouse: set history.clickhouseUrl'],
])('a backend that is chosen by `%s` alone names what it needs', async (settings, sentence) => {
  const folder = await memoryDirectory()
  const file = join(folder, 'kubeprof.yaml')
  await writeFile(file, `${settings}\n`)
  for (const command of ['serve', 'work', 'collect', 'migrate', 'verify']) {
    const { code, stdout, stderr } = await runHere(command, ['--config', file, '--data', folder])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
  }
})

test.each([
  ['oidcIssuer: https://sso.example.com', 'without accounts.oidcClientId'],
  ['proxySecret: secret', 'without server.trustedProxies'],
])('kubeprof serve with only `accounts.%s` says what is missing', async (setting, sentence) => {
  const folder = await memoryDirectory()
  const file = join(folder, 'kubeprof.yaml')
  await writeFile(file, `accounts:\n  ${setting}\n`)
  const flags = ['--config', file, '--data', folder, '--port', '0']
  const { code, stdout, stderr } = await runHere('serve', flags)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
})

test.each([
  ['trace', ['FOLDER'], 3],
  ['diff', ['FOLDER', 'FOLDER'], 3],
  ['collect', ['--check', 'FOLDER'], 2],
  ['serve', ['--config', 'FOLDER'], 2],
])('kubeprof %s says of a folder in place of a file what it is', async (name, args, exitCode) => {
  const folder = await memoryDirectory()
  const { code, stderr } = await runHere(
    name,
    args.map((arg) => (arg === 'FOLDER' ? folder : arg)),
  )
  expect(stderr).toContain('it is a folder')
  expect(code).toBe(exitCode)
})
