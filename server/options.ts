import { Type, type Static } from 'typebox'
import { Role, SPACE_NAME } from '../api/index.ts'

/** A token is stored as its hash: `sha256` is the hex digest of the whole token. */
export const TokenOptions = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Shown in the log' }),
    role: Role,
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the token, hex' }),
    space: Type.Optional(
      Type.String({
        pattern: `^\\*$|${SPACE_NAME}`,
        description: 'The space it gives access to; every space without it',
      }),
    ),
  },
  { additionalProperties: false },
)
export type TokenOptions = Static<typeof TokenOptions>

/** The settings under `server.` */
export const ServerOptions = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', description: 'The address to listen on.' }),
    port: Type.Integer({
      default: 7070,
      minimum: 0,
      maximum: 65_535,
      description: 'The port to listen on; 0 takes a free one.',
    }),
    publicUrl: Type.String({
      default: '',
      pattern: '^(https?://[^/]+)?$',
      description: 'The public URL of the server, for links: `https://kubeprof.example.com`.',
    }),
    metricsUrl: Type.String({
      default: '',
      pattern: '^(https?://\\S*\\{query\\}\\S*)?$',
      description:
        'The address that shows a PromQL query in your Prometheus or its like, with `{query}` in place of the query. Metrics that a finding names are then links: `https://prometheus.example.com/graph?g0.tab=0&g0.expr={query}`.',
    }),
    allowedHosts: Type.Array(Type.String(), {
      default: [],
      description:
        'Host names that the server accepts, in addition to loopback names, the host of publicUrl and, where it listens beyond loopback, IP addresses; `*` accepts any.',
    }),
    tokens: Type.Array(TokenOptions, {
      default: [],
      writeOnly: true,
      description:
        'Tokens that give access, besides those of `kubeprof token`. Without any token the server listens only on loopback. SIGHUP reads them again.',
    }),
    allowsAnonymous: Type.Boolean({
      default: false,
      description:
        'Listen beyond loopback without any token. Only for a container whose port is published on loopback.',
    }),
    trustedProxies: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$' }), {
      default: [],
      description:
        'The addresses (CIDR) of proxies in front of the server, whose X-Forwarded headers say where a request comes from.',
    }),
    requestTimeoutMs: Type.Integer({
      default: 120_000,
      minimum: 1000,
      maximum: 3_600_000,
      description: 'The time limit for receiving a whole request.',
    }),
    headersTimeoutMs: Type.Integer({
      default: 20_000,
      minimum: 500,
      maximum: 600_000,
      description: 'The time limit for receiving the headers of a request.',
    }),
    shutdownMs: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 600_000,
      description:
        'How long running requests may take to end when the server stops; then they are cut off. The whole stop takes at most 25 s.',
    }),
    uploadsPerMinuteMax: Type.Integer({
      default: 1200,
      minimum: 1,
      maximum: 1_000_000,
      description:
        'More uploads from one caller are answered 429. Loopback callers are exempt, unless a proxy is trusted.',
    }),
    linkReadsPerMinuteMax: Type.Integer({
      default: 600,
      minimum: 1,
      maximum: 1_000_000,
      description: 'More reads of shared links from one address are answered 429.',
    }),
    uploadBytesPerSecondMin: Type.Integer({
      default: 10_240,
      minimum: 0,
      maximum: 1_000_000_000,
      description:
        'An upload slower than this after ten seconds is answered 408. The more uploads are under way, the faster one has to be: up to eight times as fast, after two seconds.',
    }),
    embedOrigins: Type.Array(Type.String({ pattern: '^https?://[^/?#\\s;,]+$' }), {
      default: [],
      description:
        'Origins whose pages may show shared links in a frame: `https://wiki.example.com`. Links are then also served at `/e/TOKEN`.',
    }),
    viewsInFlightMax: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 10_000,
      description:
        'How many views (tables, flame graphs, comparisons) may be under way at once. They are shared among callers: one alone may have half of them.',
    }),
    waitMsMax: Type.Integer({
      default: 60_000,
      minimum: 0,
      maximum: 600_000,
      description: 'The longest time an upload may wait for its report.',
    }),
  },
  { additionalProperties: false },
)
export type ServerOptions = Static<typeof ServerOptions>
