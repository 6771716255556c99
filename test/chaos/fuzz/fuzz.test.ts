import { globSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../../bench/index.ts'
import { readProfile } from '../../../gzip/node.ts'
import {
  decodeColumns,
  encodeColumns,
  mergeProfiles,
  ProfileFormatError,
  repairStacks,
} from '../../../profile/index.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { fuzzedInput } from './fuzz-inputs.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { uniqueProfile } from '../unique-profile.ts'

afterAll(killAll)

const SEED = Number(process.env['KUBEPROF_FUZZ_SEED'] ?? 1)
const CPU_MS_MAX = 2000
const SEED_BYTES_MAX = 12_000
const INFLATED_BYTES_MAX = 16 * 2 ** 20

/** Small files of every kind that is read: profile.proto with and without gzip, texts, JSON. */
function seedFiles(): readonly Uint8Array[] {
  const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
  const paths = globSync('**/*.{pb.gz,pb,bin,txt,folded,json,gz,zst}', { cwd: fixtures })
  const files = paths.map((path) => readFileSync(`${fixtures}${path}`))
  const small = files.filter(({ length }) => length > 0 && length < SEED_BYTES_MAX)
  return [uniqueProfile(), ...small.filter((file) => faultOf(file) === null)]
}

test(
  'files that were changed at random are read or refused, and break nothing',
  () => {
    const files = seedFiles()
    expect(files.length).toBeGreaterThan(20)
    const random = seededRandom(SEED)
    let readCount = 0
    for (let number = 0; number < extent(1000, 100_000); number++) {
      const input = fuzzedInput(files, random)
      const startUsage = process.cpuUsage()
      const fault = faultOf(input)
      if (fault === null) readCount += 1
      const what = `input ${number} of seed ${SEED}, ${Buffer.from(input.slice(0, 64)).toString('hex')}`
      if (fault !== null && !(fault instanceof ProfileFormatError)) {
        throw new Error(what, { cause: fault })
      }
      const cpuMs = process.cpuUsage(startUsage).user / 1000
      if (cpuMs > CPU_MS_MAX) throw new Error(`${what} took ${cpuMs} ms`)
    }
    expect(readCount).toBeGreaterThan(0)
  },
  CHAOS_TIMEOUT_MS,
)

/** What reading the input, and all that follows it in an analysis, throws. */
function faultOf(input: Uint8Array): unknown {
  try {
    const profile = readProfile(input, { inflatedBytesMax: INFLATED_BYTES_MAX })
    decodeColumns(encodeColumns(profile))
    repairStacks(mergeProfiles([profile]))
    return null
  } catch (error) {
    return error
  }
}

test(
  'requests that were changed at random are answered below 500 or cut off, and the server goes on',
  async () => {
    const data = await memoryDirectory()
    const server = await startKubeprof(['serve', '--port', '0', '--data', data])
    const random = seededRandom(SEED)
    const statuses = new Map<number, number>()
    for (let number = 0; number < extent(150, 10_000); number++) {
      const status = await statusOf(server, fuzzedRequest(random))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500) throw new Error(`request ${number} of seed ${SEED} was answered ${status}`)
    }
    expect(server.isAlive()).toBe(true)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(server.output()).not.toContain('"level":50')
  },
  CHAOS_TIMEOUT_MS,
)

const REQUESTS = [
  'GET /api/v1/profiles?limit=5&type=cpu&from=1&to=9 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
  'GET /api/v1/range/top?q={target="a"}&type=cpu&from=1&to=9 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
  'GET /api/v1/profiles/01JD6Q8G0000000000000000AA/flame?focus=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  'POST /api/v1/links HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"profileId":"a"}',
  'POST /api/v1/profiles?target=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST /api/v1/captures HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 72\r\n\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nb\r\n--x--\r\n',
].map((text) => Buffer.from(text))

function fuzzedRequest(random: Random): Uint8Array {
  return fuzzedInput(REQUESTS, random)
}

const ANSWER_MS_MAX = 300

/** The status of the answer; 0 where there is none, because the request was no whole one. */
function statusOf({ url }: KubeprofProcess, request: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const end = (status: number) => {
      socket.destroy()
      resolve(status)
    }
    socket.setTimeout(ANSWER_MS_MAX, () => end(0))
    socket.on('error', () => end(0))
    socket.on('close', () => end(0))
    socket.once('data', (data) => end(Number(/^HTTP\/1\.1 (\d{3})/.exec(String(data))?.[1] ?? 0)))
    socket.end(request)
  })
}
