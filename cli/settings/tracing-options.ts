import { Type, type Static } from 'typebox'

/** The settings under `tracing.` */
export const TracingOptions = Type.Object(
  {
    otlpUrl: Type.String({
      default: '',
      pattern: '^(https?://\\S+)?$',
      description:
        'Where traces are sent as OTLP over HTTP, such as `http://otel-collector:4318/v1/traces`. Without it none are made.',
    }),
    sampleShare: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 1,
      description: 'The share of traces that is made, from 0 to 1.',
    }),
  },
  { additionalProperties: false },
)
export type TracingOptions = Static<typeof TracingOptions>
