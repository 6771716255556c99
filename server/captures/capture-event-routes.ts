import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../api/index.ts'
import type { CaptureStore, StoredCapture } from '../../store/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { CaptureParams, findCapture } from './find-capture.ts'
import { presentCapture } from './present-capture.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const POLL_MS = 500
const HEARTBEAT_MS = 15_000
/** How long to wait for the report of a finished capture. */
const REPORT_MS_MAX = 60_000
const LISTENERS_MAX = 200

/**
 * Server-sent events of one capture: `event: capture` with its summary, at once and at each change.
 * Polls the database, because another process may take the capture. Ends when the capture has ended
 * and is judged.
 */
export function captureEventRoutes(app: App, needs: ServerNeeds): void {
  const listening = new Set<AbortController>()
  app.addHook('preClose', async () => {
    for (const listener of listening) listener.abort()
  })
  app.get(
    '/api/v1/captures/:id/events',
    {
      config: {
        access: 'viewer',
        space: 'own',
        sends: ['text/event-stream'],
        errors: ['CAPTURE_NOT_FOUND', 'OVERLOADED'],
      },
      // Disables proxy buffering, which would delay events.
      compress: false,
      schema: {
        tags: ['captures'],
        summary: 'The capture as it changes, as server-sent events',
        description:
          '`event: capture` with a CaptureSummary as data, at once and at each change; comments keep the connection ' +
          'open. The stream ends when the capture has ended and is judged.',
        params: CaptureParams,
      },
    },
    async (request, reply) => {
      const capture = await findCapture(spaceOf(request, needs), request.params.id)
      if (listening.size >= LISTENERS_MAX) throw new AppError('OVERLOADED')
      const listener = new AbortController()
      listening.add(listener)
      reply.raw.on('close', () => {
        listener.abort()
        listening.delete(listener)
      })
      void reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
      const events = captureEvents(spaceOf(request, needs).captures, capture, listener.signal)
      return sendStream(reply, Readable.from(events))
    },
  )
}

function sendStream(reply: FastifyReply, stream: Readable): FastifyReply {
  return reply.send(stream)
}

async function* captureEvents(
  captures: Pick<CaptureStore, 'find'>,
  first: StoredCapture,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let capture: StoredCapture | null = first
  let shown = ''
  let sentAtMs = performance.now()
  while (capture !== null && !signal.aborted) {
    const event = `event: capture\ndata: ${JSON.stringify(presentCapture(capture))}\n\n`
    const isHeartbeatDue = performance.now() - sentAtMs > HEARTBEAT_MS
    if (event !== shown || isHeartbeatDue) {
      yield event === shown ? ': still here\n\n' : event
      shown = event
      sentAtMs = performance.now()
    }
    if (isSettled(capture)) return
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) capture = await captures.find(first.id)
  }
}

/** The capture no longer changes, or its judgement seems not to run. */
function isSettled({ status, createdAtMs, finishedAtMs, reportStatus }: StoredCapture): boolean {
  if (status === 'waiting' || status === 'running') return false
  // One that was taken elsewhere may have ended long before it came.
  const endedAtMs = Math.max(createdAtMs, finishedAtMs ?? 0)
  return reportStatus !== 'waiting' || Date.now() - endedAtMs > REPORT_MS_MAX
}
