import { Type, type Static } from 'typebox'

/** Who the caller is to the server. `role` is `null` where a token is needed and none, or a wrong one, came. */
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
