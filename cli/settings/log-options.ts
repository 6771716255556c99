import { Type, type Static } from 'typebox'

/** The settings under `log.` */
export const LogOptions = Type.Object(
  {
    level: Type.Enum(['auto', 'silent', 'fatal', 'error', 'warn', 'info', 'debug'], {
      default: 'auto',
      description: 'The least level to log; auto is warn on a terminal, else info.',
    }),
  },
  { additionalProperties: false },
)
export type LogOptions = Static<typeof LogOptions>
