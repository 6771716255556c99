import { HealthReply, ReadyReply, readyReplyOf } from '../../api/index.ts'
import type { App } from './app.ts'
import type { Metrics } from './metrics.ts'
import type { MetricsText, ServerNeeds } from './server-needs.ts'

/**
 * Liveness checks only this process; readiness checks each dependency; metrics use the Prometheus
 * text format.
 */
export function healthRoutes(app: App, needs: HealthNeeds): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'Is the process alive?',
        response: { 200: HealthReply },
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
        response: { 200: ReadyReply, 503: ReadyReply },
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
      config: { access: 'viewer', space: 'none' },
      schema: { tags: ['health'], summary: 'Metrics in the text format of Prometheus' },
    },
    async (_request, reply) =>
      reply
        .type(needs.metrics.contentType)
        .send(await textOf([needs.metrics, ...needs.furtherMetrics])),
  )
}

async function textOf(sources: readonly MetricsText[]): Promise<string> {
  const texts = await Promise.all(sources.map((source) => source.text()))
  return texts.join('')
}

export interface HealthNeeds extends Pick<ServerNeeds, 'furtherMetrics' | 'readyChecks'> {
  readonly metrics: Metrics
}
