import { Type, type Static } from 'typebox'
import { CaptureSummary } from './profiles/captures.ts'
import { ProfileSummary } from './profiles/profiles.ts'
import { RangeRequestsReply } from './ranges/range.ts'
import { Id, ListOf, Nullable, Time } from './schemas.ts'

export const DAY_SECONDS = 86_400

/** What the holder of a link sees. What is not shown is in no response of the link. */
export const LinkExposure = Type.Object(
  {
    scope: Type.Enum(['profile', 'view'], {
      default: 'profile',
      description:
        '`profile`: every sample type and function. `view`: only the samples and the sample type that the view shows',
    }),
    labels: Type.Enum(['shown', 'names', 'hidden'], {
      default: 'shown',
      description: 'Labels of the profile and of its samples; `names` shows them without values',
    }),
    source: Type.Boolean({
      default: true,
      description: 'Target, instance, cluster, file name, id and checksum of the profile',
    }),
  },
  { additionalProperties: false },
)
export type LinkExposure = Static<typeof LinkExposure>

/** Everything but the raw file, which no link gives. */
export const WHOLE_EXPOSURE: LinkExposure = { scope: 'profile', labels: 'shown', source: true }

/** Whether the link shows the findings, whose texts may name anything of the profile. */
export function showsReport({ scope, labels, source }: LinkExposure): boolean {
  return scope === 'profile' && labels === 'shown' && source
}

const LinkName = Type.String({ maxLength: 100, description: 'What the link is for' })

/** One view of one profile, of a capture or of a comparison, read-only, until it expires or is revoked. */
export const CreateLinkBody = Type.Object(
  {
    profileId: Id,
    captureId: Type.Optional({
      ...Id,
      description: 'The capture of the profile; the link then shows its findings too',
    }),
    beforeId: Type.Optional({
      ...Id,
      description: 'A profile; the link then shows what changed from it to the other',
    }),
    view: Type.String({
      maxLength: 4000,
      default: '',
      description: 'The view state: the query string of the profile page, without `?`',
    }),
    name: Type.Optional(LinkName),
    exposure: Type.Optional(LinkExposure),
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
  captureId: Nullable(Id),
  beforeId: Nullable(Id),
  view: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  revokedAt: Nullable(Time),
  name: Nullable(LinkName),
  createdBy: Nullable(Type.String({ description: 'The name of a token or user' })),
  viewCount: Type.Integer({ description: 'How often its page was opened' }),
  lastViewedAt: Nullable(Time),
  exposure: LinkExposure,
  exposes: ListOf(Type.String(), {
    description: 'What the holder sees, in sentences',
  }),
})
export type LinkSummary = Static<typeof LinkSummary>

/** The only response with the token: the server stores only its hash. */
export const CreateLinkReply = Type.Object({
  link: LinkSummary,
  token: Type.String(),
  url: Type.String({ description: 'The page to send: `/s/TOKEN` on this server' }),
  embed: Nullable(
    Type.Object({
      url: Type.String({ description: 'The same page for a frame: `/e/TOKEN`' }),
      origins: Type.Array(Type.String(), {
        description: 'Whose pages may show it: `server.embedOrigins`',
      }),
    }),
  ),
})
export type CreateLinkReply = Static<typeof CreateLinkReply>

export const ListLinksQuery = Type.Object(
  {
    profileId: Type.Optional(Id),
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
  /** What the profile is compared with; below `/before` as the profile is below this address. */
  before: Nullable(ProfileSummary),
  /** What the processes of a comparison served while the two were taken, as `/api/v1/range/requests` has it. */
  requests: Type.Object({
    before: Nullable(RangeRequestsReply),
    after: Nullable(RangeRequestsReply),
  }),
  /** The capture of the profile; its report is `/capture-report`. */
  capture: Nullable(CaptureSummary),
  exposure: LinkExposure,
})
export type SharedReply = Static<typeof SharedReply>
