import { Type, type Static } from 'typebox'

/** The settings under `accounts.` */
export const AccountsOptions = Type.Object(
  {
    sessionIdleMinutes: Type.Integer({
      default: 720,
      minimum: 1,
      maximum: 525_600,
      description: 'A browser that is not used for this long is signed out.',
    }),
    sessionHours: Type.Integer({
      default: 168,
      minimum: 1,
      maximum: 8760,
      description: 'A browser is signed out this long after it signed in, however much it is used.',
    }),
    failuresPerMinuteMax: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 100_000,
      description:
        'After this many wrong tokens within a minute, further wrong ones from the same address are answered 429. Valid tokens always work.',
    }),
    auditDays: Type.Integer({
      default: 400,
      minimum: 1,
      maximum: 36_500,
      description: 'How many days entries of the audit log are kept.',
    }),
  },
  { additionalProperties: false },
)
export type AccountsOptions = Static<typeof AccountsOptions>
