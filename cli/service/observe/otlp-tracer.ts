import { hostname } from 'node:os'
import {
  context,
  ROOT_CONTEXT,
  type Context,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Tracer } from '../../../collect/index.ts'
import type { TracingOptions } from '../../settings/tracing-options.ts'

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

export interface OpenTracer {
  readonly tracer: Tracer
  /** Sends what is left. */
  readonly close: () => Promise<void>
}

/** Makes spans with OpenTelemetry and sends them in batches. A receiver that is away loses them, and delays nothing. */
export function openOtlpTracer(
  { otlpUrl, sampleShare }: TracingOptions,
  version: string,
): OpenTracer {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'kubeprof',
      'service.version': version,
      'service.instance.id': `${hostname()}/${process.pid}`,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleShare) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: otlpUrl }) })],
  })
  const spans = provider.getTracer('kubeprof', version)
  return {
    close: () => provider.shutdown(),
    tracer: {
      span: (name, { attributes = {}, traceparent }, work) =>
        spans.startActiveSpan(name, { attributes }, parentOf(traceparent), async (span) => {
          try {
            return await work((more) => void span.setAttributes(more))
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error)
            span.setStatus({ code: SpanStatusCode.ERROR, message })
            throw error
          } finally {
            span.end()
          }
        }),
    },
  }
}

/** The span of the sender of a request, or the current one. */
function parentOf(traceparent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = '00'] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (traceId === '') return context.active()
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}
