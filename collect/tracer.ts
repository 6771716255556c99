/** Names as in the semantic conventions of OpenTelemetry, or with `kubeprof.` before them. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface SpanStart {
  readonly attributes?: SpanAttributes
  /** The header `traceparent` of a request: the span in which its sender made it. */
  readonly traceparent?: string | undefined
}

/** Adds attributes to the span of the work. */
export type AddAttributes = (attributes: SpanAttributes) => void

/** Records what takes time. Loaded only when it is configured; see `NO_TRACER`. */
export interface Tracer {
  /**
   * Does the work in a span within the current one. When the work throws, the span has failed, and the error is thrown on.
   */
  span<Result>(
    name: string,
    start: SpanStart,
    work: (addAttributes: AddAttributes) => Promise<Result>,
  ): Promise<Result>
}

/** Records nothing. */
export const NO_TRACER: Tracer = { span: (_name, _start, work) => work(() => undefined) }
