import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { ErrorReply, HealthReply, ReadyReply, readyReplyOf } from '../../api/index.ts'
import type { App } from './app.ts'
import type { Metrics } from './metrics.ts'
import type { MetricsText, ServerNeeds } from './server-needs.ts'

/**
 * Liveness checks only this process; readiness checks each dependency; metrics use the Prometheus
 * text format. They take parameters that they do not know: probes written for Kubernetes' own components add `?verbose`,
 * and Prometheus adds the `params` of its settings. A refusal would restart a healthy process, or lose its metrics.
 */
export function healthRoutes(app: App, needs: HealthNeeds): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'Is the process alive?',
        response: { 200: { ...HealthReply, description: 'The process is alive.' } },
      },
    },
    () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'Can the process serve?',
        response: {
          200: { ...ReadyReply, description: 'It can, maybe without what is not required.' },
          503: Type.Union([ReadyReply, ErrorReply], {
            description: 'It cannot: a required dependency fails, or the process stops.',
          }),
        },
      },
    },
    async (_request, reply) => {
      const ready = readyReplyOf(await needs.readyChecks())
      return reply.code(ready.status === 'not_ready' ? 503 : 200).send(ready)
    },
  )
  app.get(
    '/metrics',
    {
      config: { access: 'viewer', space: 'none', sends: ['text/plain'] },
      schema: {
        tags: ['health'],
        summary: 'Metrics in the text format of Prometheus',
      },
    },
    async (_request, reply) =>
      sendText(reply, needs.metrics.contentType, [needs.metrics, ...needs.furtherMetrics]),
  )
}

async function sendText(
  reply: FastifyReply,
  contentType: string,
  sources: readonly MetricsText[],
): Promise<FastifyReply> {
  return reply.type(contentType).send(await textOf(sources))
}

async function textOf(sources: readonly MetricsText[]): Promise<string> {
  const texts = await Promise.all(sources.map((source) => source.text()))
  return texts.join('')
}

export interface HealthNeeds extends Pick<ServerNeeds, 'furtherMetrics' | 'readyChecks'> {
  readonly metrics: Metrics
}
