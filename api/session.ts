import { Type, type Static } from 'typebox'

/** The caller's access. `role` is `null` when a required token is missing or wrong. */
export const SessionReply = Type.Object({
  needsToken: Type.Boolean({ description: 'False where no token is configured' }),
  role: Type.Union([Type.String({ description: 'viewer, uploader, ...' }), Type.Null()]),
})
export type SessionReply = Static<typeof SessionReply>

/** The body of a sign-in. */
export const SignInBody = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
)
export type SignInBody = Static<typeof SignInBody>
