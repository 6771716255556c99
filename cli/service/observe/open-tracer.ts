import { NO_TRACER, type Tracer } from '../../../collect/index.ts'
import type { TracingOptions } from '../../settings/tracing-options.ts'
import { readVersion } from '../../terminal/read-version.ts'
import type { Closers } from '../closers.ts'

/** Sends traces where the settings say so; loads OpenTelemetry only then. */
export async function openTracer(options: TracingOptions, closers: Closers): Promise<Tracer> {
  if (options.otlpUrl === '') return NO_TRACER
  const { openOtlpTracer } = await import('./otlp-tracer.ts')
  const { tracer, close } = openOtlpTracer(options, await readVersion())
  // What is opened later is closed before, and its last spans are sent.
  closers.add(close)
  return tracer
}
