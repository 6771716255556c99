import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startFakeFleet } from '../../collect/fake-fleet.ts'
import { killAll, startKubeprof } from '../../chaos/kubeprof-process.ts'
import { freePort } from '../../free-port.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'

const KUBEPROF = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))

afterEach(() => killAll())

test('a valid file is summarized in a line', async () => {
  const path = await fileWith('targets:\n  - { name: a, kind: go, url: http://127.0.0.1:1 }\n')
  expect(run('--check', path)).toEqual({
    status: 0,
    stdout: `${path}: 1 target, 0 clusters, 0 schedules, 0 triggers\n`,
    stderr: '',
  })
})

test('what a schedule stores a day is estimated before it is in force', async () => {
  const path = await fileWith(`targets: [{ name: a, kind: go, url: 'http://127.0.0.1:1' }]
profileSets: { quick: { goroutine: {}, heap: {}, metrics: {} } }
schedules:
  - { name: often, targets: [a], every: 1h, take: quick }
  - { name: nightly, targets: [a], cron: '15 3 * * *', take: quick }
`)
  const [, ...lines] = run('--check', path).stdout.trimEnd().split('\n')
  expect(lines).toEqual([
    'schedule often: stores about 1.49 MiB a day for each process',
    'schedule nightly: stores about 63.5 KiB a day for each process',
  ])
})

test('the faults of a file are reported with file, line and column, and the exit code is 3', async () => {
  const path = await fileWith('targets:\n  - { name: a, kind: pod }\n')
  const { status, stderr } = run('--check', path)
  expect(status).toBe(3)
  expect(stderr).toMatch(new RegExp(`^${path}:2:22: targets\\.0\\.kind: must be one of`))
})

test('a target that cannot be reached is reported, and the exit code is 1', async () => {
  const path = await fileWith('targets:\n  - { name: a, kind: go, url: http://127.0.0.1:1 }\n')
  const { status, stdout } = run('--check', path, '--reach')
  expect(status).toBe(1)
  expect(stdout).toContain('FAIL')
  expect(stdout).toContain('refused the connection')
})

test.each([
  [['--reach'], 'kubeprof collect: --reach goes with --check FILE\n'],
  [['now'], 'kubeprof collect: collect takes no argument, but got "now"\n'],
])('%j is wrong usage', (args, message) => {
  expect(run(...args)).toMatchObject({ status: 2, stderr: message })
})

test('the schema is a JSON schema', () => {
  const schema = JSON.parse(run('--schema').stdout)
  expect(Object.keys(schema.properties)).toContain('targets')
})

test('a collector shows its metrics, reads its file again on SIGHUP, and ends on SIGTERM with 0', async () => {
  const fleet = await startFakeFleet()
  const path = await fileWith(fileFor(fleet.url('a')))
  const address = `127.0.0.1:${await freePort()}`
  const collector = await startKubeprof(
    ['collect', '--data', join(path, '..'), '--targets', path],
    {
      env: {
        KUBEPROF_COLLECT_METRICS_LISTEN: address,
        KUBEPROF_COLLECT_TARGETS_FILE_POLL_MS: '600000',
        KUBEPROF_COLLECT_INTERVAL_MS_MIN: '100',
        KUBEPROF_COLLECT_TICK_MS: '50',
      },
    },
  )
  await until(() => fleet.record('a').captureTimesMs.length > 0)
  expect((await fetch(`http://${address}/healthz`)).status).toBe(200)
  expect(await (await fetch(`http://${address}/readyz`)).json()).toEqual({
    status: 'ready',
    checks: [{ name: 'store', isReady: true, isRequired: true, text: '' }],
  })
  // Until it is counted.
  await until(async () => {
    const text = await (await fetch(`http://${address}/metrics`)).text()
    return /kubeprof_captures_total\{kind="heap",component="go",result="taken"\} [1-9]/.test(text)
  })
  writeFileSync(path, fileFor(fleet.url('b')))
  process.kill(collector.pid, 'SIGHUP')
  await until(() => fleet.record('b').captureTimesMs.length > 0)
  expect(await collector.end('SIGTERM')).toBe(0)
})

function fileFor(url: string): string {
  return `targets: [{ name: a, kind: go, url: '${url}' }]
profileSets: { quick: { goroutine: {}, heap: {} } }
schedules: [{ name: s, targets: [a], every: 300ms, take: quick, missed: run-once }]
`
}

async function fileWith(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'targets.yaml')
  writeFileSync(path, text)
  return path
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(KUBEPROF, ['collect', ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}
