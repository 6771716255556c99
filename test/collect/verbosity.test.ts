import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openReach, strandedVerbosities, verbosityFolder } from '../../collect/index.ts'
import { processAddress } from '../../collect/reach/process-address.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { fakeCluster, type FakePod, podList, SYSTEM_PODS, targetIn } from './fake-cluster.ts'
import { answerWell, captureOf, serve } from './fake-process.ts'
import { until } from '../until.ts'

/** A component of Kubernetes with its log level. */
function withLevel(onPut?: RequestListener) {
  const levels: string[] = []
  const listener: RequestListener = async (request, reply) => {
    if (request.method !== 'PUT') return answerWell(request, reply)
    if (onPut !== undefined) return onPut(request, reply)
    levels.push(await text(request))
    reply.end(`successfully set klog.logging.verbosity to ${levels.at(-1)}`)
  }
  return { levels, listener }
}

const plan = { verbosity: { level: 4, restoreTo: 2 } }

describe('the log level', () => {
  test('is raised for the time of the capture, and put back', async () => {
    const folder = await temporaryDirectory()
    const { levels, listener } = withLevel()
    let during: unknown
    const outcome = await captureOf({
      url: await serve(listener),
      plan,
      verbosityRecords: verbosityFolder(folder, 'key', { pid: 7, now: () => 5 }),
      onProgress: () => (during ??= [readdirSync(folder).length, [...levels]]),
    })
    expect(outcome).toMatchObject({ status: 'complete', notes: [] })
    expect(during).toEqual([1, ['4']])
    expect(levels).toEqual(['4', '2'])
    expect(readdirSync(folder)).toEqual([])
  })

  test('is put back when the capture is ended', async () => {
    const { levels, listener } = withLevel()
    const end = new AbortController()
    const outcome = await captureOf({
      url: await serve(listener),
      kinds: ['cpu'],
      plan,
      signal: end.signal,
      verbosityRecords: verbosityFolder(await temporaryDirectory(), 'key', { pid: 7 }),
      onProgress: () => end.abort(),
    })
    expect(outcome.status).toBe('cancelled')
    expect(levels).toEqual(['4', '2'])
  })

  test('is restored to the level that the process was started with unless another is given', async () => {
    const { levels, listener } = withLevel()
    const capture = {
      url: await serve(listener),
      plan: { verbosity: { level: 4, restoreTo: null } },
      verbosityRecords: verbosityFolder(await temporaryDirectory(), 'key', { pid: 7 }),
    }
    await captureOf({ ...capture, readVerbosity: () => Promise.resolve(3) })
    expect(levels).toEqual(['4', '3'])
    const { status, notes } = await captureOf(capture)
    expect({ status, notes }).toEqual({
      status: 'complete',
      notes: ['The log level was not raised: what to put back is not known.'],
    })
    expect(levels).toEqual(['4', '3'])
  })

  test('that may not be raised is noted with the rule that grants it; the capture goes on', async () => {
    const folder = await temporaryDirectory()
    const message = 'forbidden: User "viewer" cannot put path "/debug/flags/v"'
    const { listener } = withLevel((_, reply) => {
      reply.writeHead(403).end(JSON.stringify({ message }))
    })
    const outcome = await captureOf({
      url: await serve(listener),
      plan,
      verbosityRecords: verbosityFolder(folder, 'key', { pid: 7 }),
    })
    expect(outcome.status).toBe('complete')
    expect(outcome.notes[0]).toContain('The log level was not raised')
    expect(outcome.notes[0]).toContain('{nonResourceURLs: ["/debug/flags/v"], verbs: ["put"]}')
    expect(readdirSync(folder)).toEqual([])
  })

  test('that cannot be restored stays recorded', async () => {
    const folder = await temporaryDirectory()
    let count = 0
    const { listener } = withLevel((_, reply) => reply.writeHead(count++ === 0 ? 200 : 500).end())
    const { notes } = await captureOf({
      url: await serve(listener),
      plan,
      verbosityRecords: verbosityFolder(folder, 'prod/kube-apiserver/a', { pid: 7, now: () => 5 }),
    })
    expect(notes[0]).toContain('The log level is still 4')
    expect(count).toBe(4)
    const [stranded] = await strandedVerbosities(folder)
    expect(stranded).toMatchObject({
      key: 'prod/kube-apiserver/a',
      restoreTo: 2,
      raisedAtMs: 5,
      pid: 7,
    })
    await stranded?.forget()
    expect(await strandedVerbosities(folder)).toEqual([])
  })

  test('is still recorded when the process that raised it was killed', async () => {
    const folder = await temporaryDirectory()
    const { levels, listener } = withLevel()
    const url = await serve(listener)
    const script = fileURLToPath(new URL('raise-verbosity.ts', import.meta.url))
    const child = spawn(process.execPath, [script, url, folder], { stdio: 'inherit' })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await until(() => levels.length === 1)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(levels).toEqual(['4'])
    const [stranded] = await strandedVerbosities(folder)
    expect(stranded).toMatchObject({ key: 'killed', restoreTo: 2, pid: child.pid })
  })
})

test.each([
  [['kube-scheduler', '--v=4'], 4],
  [['kube-scheduler', '-v=6'], 6],
  [['kube-scheduler', '-v', '3', '--leader-elect'], 3],
  [['kube-scheduler', '--vmodule=x=9'], 0],
  [['kube-scheduler', '--v', 'many'], null],
])('a pod that runs %j has the log level %s', async (command, level) => {
  const pods = [{ name: 'kube-scheduler-a', node: 'a', ip: '10.0.0.1', command }]
  expect(await levelOf(pods)).toBe(level)
})

test('the log level of what has no pod is not known', async () => {
  expect(await levelOf([{ name: 'kube-scheduler-b', node: 'b', ip: '10.0.0.2' }])).toBeNull()
})

async function levelOf(pods: readonly FakePod[]): Promise<number | null> {
  const { spec } = await fakeCluster({ [SYSTEM_PODS]: podList(pods) })
  const reach = openReach({ clusters: [spec], allow: [], env: {}, isInteractive: false })
  onTestFinished(() => reach.close())
  const target = targetIn({ kind: 'url', url: 'https://10.0.0.1:10259' })
  const address = processAddress(target, {
    component: 'kube-scheduler',
    host: '10.0.0.1:10259',
    instance: 'a',
    route: { via: 'direct', origin: 'https://10.0.0.1:10259', serverName: null },
  })
  return await reach.readVerbosity(target, address)
}

test('files that are not records are left alone', async () => {
  expect(await strandedVerbosities('/nowhere/at/all')).toEqual([])
})
