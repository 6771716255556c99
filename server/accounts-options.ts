import { Type, type Static } from 'typebox'
import { Role, SPACE_NAME } from '../api/index.ts'

/** What members of a group may do. */
const GroupRole = Type.Object(
  {
    group: Type.String({ minLength: 1, maxLength: 200 }),
    role: Role,
    space: Type.Optional(Type.String({ pattern: `^\\*$|${SPACE_NAME}` })),
  },
  { additionalProperties: false },
)

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
    groupRoles: Type.Array(GroupRole, {
      default: [],
      description:
        'The roles that groups of the identity provider or proxy give: `{ group, role, space }`; every space without `space`.',
    }),
    oidcIssuer: Type.String({
      default: '',
      pattern: '^(https://.+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?(/.*)?)?$',
      description:
        'The address of an identity provider (OpenID Connect) for signing in; http only on loopback.',
    }),
    oidcName: Type.String({
      default: 'single sign-on',
      description: 'What the sign-in page calls the identity provider.',
    }),
    oidcClientId: Type.String({
      default: '',
      description: 'The client id of this server at the identity provider.',
    }),
    oidcClientSecret: Type.String({
      default: '',
      writeOnly: true,
      description: 'The client secret; empty for a public client. Give it as a file.',
    }),
    oidcScopes: Type.Array(Type.String(), {
      default: ['openid', 'profile', 'email'],
      description: 'The scopes to ask for; some providers need `groups`.',
    }),
    oidcNameClaim: Type.String({
      default: 'email',
      minLength: 1,
      description: 'The claim that names the user; without it the subject does.',
    }),
    oidcGroupsClaim: Type.String({
      default: 'groups',
      minLength: 1,
      description: 'The claim that lists the groups of the user: `groups`, `realm_access.roles`.',
    }),
    proxySecret: Type.String({
      default: '',
      writeOnly: true,
      description:
        'A secret that proxies of server.trustedProxies send as `Kubeprof-Proxy-Secret`, so that their user headers are believed. Give it as a file.',
    }),
    proxyUserHeader: Type.String({
      default: 'X-Auth-Request-User',
      minLength: 1,
      description: 'The header in which the proxy names the user.',
    }),
    proxyGroupsHeader: Type.String({
      default: 'X-Auth-Request-Groups',
      minLength: 1,
      description: 'The header in which the proxy lists the groups of the user, with commas.',
    }),
    keyFile: Type.String({
      default: '',
      description:
        'The file with the keys that seal stored secrets; without it `secret.key` in store.directory. Servers on several machines need the same one.',
    }),
  },
  { additionalProperties: false },
)
export type AccountsOptions = Static<typeof AccountsOptions>
