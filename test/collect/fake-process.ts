import type { TargetSpec } from '../../store/index.ts'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { CaptureKind } from '../../api/index.ts'
import {
  type CaptureNeeds,
  type CaptureOutcome,
  type CapturePlan,
  type ClusterSpec,
  NO_CREDENTIALS_SPEC,
  openReach,
  planCapture,
  type ReachOptions,
  takeCapture,
} from '../../collect/index.ts'
import { itemOf } from '../item-of.ts'

export const CPU_PROFILE = readFileSync(
  fileURLToPath(new URL('../fixtures/conformance/goruntime/cpu.1.pb.gz', import.meta.url)),
)

/** Answers as Go's pprof does: a profile under each name, metrics and no more. */
export const answerWell: RequestListener = (request, reply) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any')
  if (pathname === '/metrics') reply.end('go_info{version="go1.26.8"} 1\nnobody_asks 2\n')
  else if (pathname === '/version') reply.end('{"gitVersion":"v1.37.1","goVersion":"go1.26.8"}')
  else if (!pathname.startsWith('/debug/pprof/')) reply.writeHead(404).end('404 page not found\n')
  else if (pathname.endsWith('/trace')) reply.end(`go 1.26 trace\0\0\0${'x'.repeat(600)}`)
  else if (searchParams.get('debug') === '2')
    reply.end(`goroutine 1 [running]:\n${'x\n'.repeat(400)}`)
  else {
    const seconds = Number(searchParams.get('seconds') ?? 0)
    setTimeout(() => reply.end(CPU_PROFILE), seconds * 1000)
  }
}

/** Serves until the test is over; the origin. With options it speaks TLS. */
export async function serve(
  listener: RequestListener,
  options: ServerOptions | null = null,
): Promise<string> {
  const server =
    options === null ? createHttpServer(listener) : createHttpsServer(options, listener)
  const port = await listen(server)
  onTestFinished(() => server.closeAllConnections())
  return `${options === null ? 'http' : 'https'}://127.0.0.1:${port}`
}

/** Listens on loopback until the test is over; the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.close()
  })
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : 0
}

export const TARGET: TargetSpec = {
  name: 'fake',
  find: { kind: 'url', url: 'http://127.0.0.1' },
  cluster: null,
  component: 'etcd',
  credentials: NO_CREDENTIALS_SPEC,
  namedBy: 'operator',
  processesMax: 10,
}

export interface FakeCapture extends Partial<Omit<CaptureNeeds, 'sink'>> {
  readonly url: string
  readonly kinds?: readonly CaptureKind[] | null
  readonly plan?: Partial<CapturePlan>
  readonly target?: Partial<TargetSpec>
  readonly clusters?: readonly ClusterSpec[]
  readonly reach?: Partial<ReachOptions>
}

export interface FakeOutcome extends CaptureOutcome {
  /** What was stored, by file name. */
  readonly files: ReadonlyMap<string, Buffer>
  /** How long was waited, in all. */
  readonly waitedMs: number
}

/** Captures what answers at `url`. It waits for nothing, and gives up no sooner than it would. */
export async function captureOf(capture: FakeCapture): Promise<FakeOutcome> {
  const { url, kinds = ['heap'], clusters = [] } = capture
  const reach = openReach({
    clusters,
    allow: [],
    env: process.env,
    isInteractive: false,
    ...capture.reach,
  })
  const target = { ...TARGET, find: { kind: 'url', url } as const, ...capture.target }
  const { processes } = await reach.discoverProcesses(target)
  const connection = await reach.openConnection(target, itemOf(processes))
  const files = new Map<string, Buffer>()
  let waitedMs = 0
  try {
    const outcome = await takeCapture(
      connection,
      { ...planCapture(target.component, { seconds: 1, kinds }), ...capture.plan },
      {
        signal: new AbortController().signal,
        random: () => 0.5,
        sleep: (forMs) => {
          waitedMs += forMs
          return Promise.resolve()
        },
        ...capture,
        sink: {
          async write({ fileName }, body) {
            const chunks: Uint8Array[] = []
            for await (const chunk of body) chunks.push(chunk)
            files.set(fileName, Buffer.concat(chunks))
            return { sizeBytes: Buffer.concat(chunks).length }
          },
        },
      },
    )
    return { ...outcome, files, waitedMs }
  } finally {
    connection.close()
    reach.close()
  }
}

/** What an outcome is to be like. */
export function failedWith(code: string, message: string) {
  return { status: 'failed', error: { code, message: expect.stringContaining(message) } }
}
