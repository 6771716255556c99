import { Type, type Static } from 'typebox'
import { Nullable } from './schemas.ts'

/** The caller's access. `role` is `null` when a required token is missing or wrong. */
export const SessionReply = Type.Object({
  needsToken: Type.Boolean({ description: 'False where no token is configured' }),
  role: Nullable(Type.String({ description: 'viewer, uploader, ...' })),
  name: Nullable(Type.String({ description: 'The name of the token or user' })),
  oidcName: Nullable(
    Type.String({ description: 'The identity provider at /auth/login, where there is one' }),
  ),
  space: Nullable(Type.String({ description: 'The space that the caller works in' })),
  metricsUrl: Nullable(
    Type.String({
      description:
        'The address that shows a PromQL query, which takes the place of `{query}`; null where none is set',
    }),
  ),
})
export type SessionReply = Static<typeof SessionReply>

/** The body of a sign-in. */
export const SignInBody = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
)
export type SignInBody = Static<typeof SignInBody>
