import { Type, type Static } from 'typebox'
import { Id, ListOf, NO_CURSOR, Nullable, SHORT_TEXT, SPAN, Time } from './schemas.ts'

/**
 * What a caller may do; each role includes the rights of those before it. `trigger` may only send
 * alerts.
 */
export const Role = Type.Enum(['viewer', 'uploader', 'operator', 'admin', 'trigger'])
export type Role = Static<typeof Role>

/** The name of a space, the part of the data that one team sees. */
export const SPACE_NAME = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'
/** The space of everything that names no other. */
export const DEFAULT_SPACE = 'default'
/** Stands for every space in the rights of a token. */
export const EVERY_SPACE = '*'

const TokenName = Type.String({ minLength: 1, maxLength: 100, description: 'Shown in the log' })
const TokenSpace = Type.String({
  pattern: `^\\*$|${SPACE_NAME}`,
  description: 'The space the token gives access to; `*` stands for every space',
})

/** A token as the API lists it: never the token itself. */
export const TokenSummary = Type.Object({
  id: Type.String({ description: 'A ULID, or `settings:NAME` for a token of the settings file' }),
  name: TokenName,
  role: Role,
  space: TokenSpace,
  createdBy: Nullable(Type.String()),
  createdAt: Nullable(Time),
  expiresAt: Nullable(Time),
  lastUsedAt: Nullable(Time),
  revokedAt: Nullable(Time),
})
export type TokenSummary = Static<typeof TokenSummary>

export const CreateTokenBody = Type.Object(
  {
    name: TokenName,
    role: Role,
    space: Type.Optional(TokenSpace),
    expiresInDays: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 3650 }), Type.Null()], {
        default: 90,
        description: '`null` makes a token that does not expire',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CreateTokenBody = Static<typeof CreateTokenBody>

/** The only response with the token: the server stores only its hash. */
export const CreateTokenReply = Type.Object({ token: Type.String(), summary: TokenSummary })
export type CreateTokenReply = Static<typeof CreateTokenReply>

export const ListTokensQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)

export const ListTokensReply = Type.Object({
  items: ListOf(TokenSummary),
  nextCursor: Nullable(Type.String()),
})

/** The name of an action in the audit log: what was acted on, a dot, what was done. */
export const AuditAction = Type.String({ pattern: '^[a-z]+\\.[a-z-]+$', maxLength: 60 })

/** One security event: who did what to what, from where, when, and whether it was allowed. */
export const AuditEntry = Type.Object({
  id: Id,
  at: Time,
  action: AuditAction,
  outcome: Type.Enum(['done', 'refused', 'failed']),
  actor: Type.String({ description: 'The name of the token or user; empty for an unknown caller' }),
  actorKind: Type.String({ description: 'token, user, link, command, open or unknown' }),
  space: Type.String(),
  object: Nullable(Type.String({ description: 'The id or name of what was acted on' })),
  address: Nullable(Type.String({ description: 'The network address of the caller' })),
  requestId: Nullable(Type.String()),
  details: Nullable(Type.Object({}, { additionalProperties: true })),
})
export type AuditEntry = Static<typeof AuditEntry>

export const ListAuditQuery = Type.Object(
  {
    action: Type.Optional(AuditAction),
    outcome: Type.Optional(Type.Enum(['done', 'refused', 'failed'])),
    actor: Type.Optional(Type.String(SHORT_TEXT)),
    object: Type.Optional(Type.String(SHORT_TEXT)),
    ...SPAN,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListAuditQuery = Static<typeof ListAuditQuery>

export const ListAuditReply = Type.Object({
  items: ListOf(AuditEntry),
  nextCursor: Nullable(Type.String()),
})

/** A space as its members see it. */
export const SpaceSummary = Type.Object({
  name: Type.String(),
  title: Type.String(),
  role: Type.String({ description: 'The role of the caller there' }),
  isCurrent: Type.Boolean({ description: 'Whether this request was about it' }),
})
export type SpaceSummary = Static<typeof SpaceSummary>

export const CreateSpaceBody = Type.Object(
  {
    name: Type.String({ pattern: SPACE_NAME }),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'For people' })),
  },
  { additionalProperties: false },
)

export const ListSpacesReply = Type.Object({
  items: ListOf(SpaceSummary),
  nextCursor: NO_CURSOR,
})

/** The body that changes the space of a browser's session. */
export const ChangeSpaceBody = Type.Object(
  { space: Type.String({ pattern: SPACE_NAME }) },
  { additionalProperties: false },
)
