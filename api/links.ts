import { Type, type Static } from 'typebox'
import { ProfileSummary } from './profiles.ts'
import { Id, Nullable, Time } from './schemas.ts'

export const DAY_SECONDS = 86_400

/** One view of one profile, read-only, until it expires or is revoked. */
export const CreateLinkBody = Type.Object(
  {
    profileId: Id,
    view: Type.String({
      maxLength: 4000,
      default: '',
      description: 'The view state: the query string of the profile page, without `?`',
    }),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 90 * DAY_SECONDS, default: 7 * DAY_SECONDS }),
    ),
  },
  { additionalProperties: false },
)
export type CreateLinkBody = Static<typeof CreateLinkBody>

export const LinkSummary = Type.Object({
  id: Id,
  profileId: Id,
  view: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  revokedAt: Nullable(Time),
})
export type LinkSummary = Static<typeof LinkSummary>

/** The only response with the token: the server stores only its hash. */
export const CreateLinkReply = Type.Object({
  link: LinkSummary,
  token: Type.String(),
  url: Type.String({ description: 'The page to send: `/s/TOKEN` on this server' }),
})
export type CreateLinkReply = Static<typeof CreateLinkReply>

export const ListLinksQuery = Type.Object(
  {
    profileId: Id,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListLinksQuery = Static<typeof ListLinksQuery>

export const ListLinksReply = Type.Object({
  items: Type.Array(LinkSummary),
  nextCursor: Nullable(Type.String()),
})
export type ListLinksReply = Static<typeof ListLinksReply>

/**
 * What the holder of a token may see. The same holds for its subpaths (`/report`, `/columns`,
 * views).
 */
export const SharedReply = Type.Object({
  view: Type.String(),
  expiresAt: Time,
  profile: ProfileSummary,
})
export type SharedReply = Static<typeof SharedReply>
