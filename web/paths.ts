import type { ProfileType } from '../api/index.ts'
/** The addresses of the server's API. Those of the pages are the routes of `router.tsx`, which the compiler checks. */

const API = '/api/v1'

export const profilesApiPath = `${API}/profiles`

/** `component` and `type` where the sender knows them. */
export function uploadApiPath(
  fileName: string,
  { component, type }: { readonly component?: string; readonly type?: ProfileType | null },
): string {
  const query = new URLSearchParams({ name: fileName })
  if (component !== undefined) query.set('component', component)
  if (type) query.set('type', type)
  return `${profilesApiPath}?${query.toString()}`
}

export function listApiPath(
  list: 'profiles' | 'captures',
  query: Readonly<Record<string, string>>,
  part?: 'facets',
): string {
  const path = part === undefined ? `${API}/${list}` : `${API}/${list}/${part}`
  return `${path}?${new URLSearchParams(query).toString()}`
}

export const linksApiPath = `${API}/links`

/** The links of a profile; without one, all. */
export function linkListApiPath(profileId: string | null): string {
  const query = new URLSearchParams(profileId === null ? { limit: '200' } : { profileId })
  return `${linksApiPath}?${query.toString()}`
}

export function linkApiPath(id: string): string {
  return `${linksApiPath}/${encodeURIComponent(id)}`
}

/** Where a profile is: on the server, by its id or by the token of a link, or in this browser alone. */
export type ProfileSource = ServerSource | { readonly kind: 'local'; readonly id: string }

export type ServerSource =
  | { readonly kind: 'profile'; readonly id: string }
  | {
      readonly kind: 'link'
      readonly token: string
      /** The profile that the shared one is compared with. */
      readonly isBefore?: boolean
    }

export function profileApiPath(source: ServerSource): string {
  if (source.kind === 'profile') return `${profilesApiPath}/${encodeURIComponent(source.id)}`
  const path = `${API}/shared/${encodeURIComponent(source.token)}`
  return source.isBefore === true ? `${path}/before` : path
}

export function reportApiPath(source: ServerSource, language: 'en' | 'zh'): string {
  return `${profileApiPath(source)}/report?lang=${language}`
}

export function sharedCaptureReportApiPath(token: string, language: 'en' | 'zh'): string {
  return `${profileApiPath({ kind: 'link', token })}/capture-report?lang=${language}`
}

export function columnsApiPath(source: ServerSource): string {
  return `${profileApiPath(source)}/columns`
}

/** Whether a page of the app works without the server. */
export function isLocalPage(pathname: string): boolean {
  return pathname === '/local' || pathname.startsWith('/local/')
}

/** Whether a page of the app is open to everyone with its link, and leads to no page that is not. */
export function isSharedPage(pathname: string): boolean {
  return pathname.startsWith('/s/') || isEmbeddedPage(pathname)
}

/** Whether it is made for frames of other pages. */
export function isEmbeddedPage(pathname: string): boolean {
  return pathname.startsWith('/e/')
}

/** The page of its own of one that is made for frames. */
export function pageOfEmbedded(pathname: string): string {
  return pathname.replace('/e/', '/s/')
}

const LOCAL = 'local:'

/** Where the columns of a profile are: an address of the API, or one that never leaves this browser. */
export function columnsPath(source: ProfileSource): string {
  return source.kind === 'local' ? `${LOCAL}${source.id}` : columnsApiPath(source)
}

/** The id in an address that never leaves this browser; `null` for one of the API. */
export function localIdOf(path: string): string | null {
  return path.startsWith(LOCAL) ? path.slice(LOCAL.length) : null
}

export function profilePinApiPath(id: string): string {
  return `${profileApiPath({ kind: 'profile', id })}/pin`
}

export function profileNearestApiPath(id: string): string {
  return `${profileApiPath({ kind: 'profile', id })}/nearest`
}

export function rawApiPath(id: string): string {
  return `${profileApiPath({ kind: 'profile', id })}/raw`
}

export const targetsApiPath = `${API}/targets`

export function targetApiPath(name: string, action?: 'pause' | 'resume' | 'test'): string {
  const path = `${targetsApiPath}/${encodeURIComponent(name)}`
  return action === undefined ? path : `${path}/${action}`
}

export const storageApiPath = '/api/v1/history/stats'
export const schedulesApiPath = `${API}/schedules`

export function scheduleApiPath(name: string, action: 'pause' | 'resume'): string {
  return `${schedulesApiPath}/${encodeURIComponent(name)}/${action}`
}

export const capturesApiPath = `${API}/captures`

export function captureApiPath(
  id: string,
  part?: 'events' | 'bundle' | 'cancel' | 'nearest' | 'pin' | 'trace',
): string {
  const path = `${capturesApiPath}/${encodeURIComponent(id)}`
  return part === undefined ? path : `${path}/${part}`
}

export function captureReportApiPath(id: string, language: 'en' | 'zh'): string {
  return `${captureApiPath(id)}/report?lang=${language}`
}

export function captureFileApiPath(id: string, name: string): string {
  return `${captureApiPath(id)}/files/${encodeURIComponent(name)}`
}

export function rangeApiPath(
  view: 'top' | 'series' | 'outliers' | 'requests' | 'labels' | 'values' | 'columns' | 'raw',
  query: Readonly<Record<string, string>>,
): string {
  return `${API}/range/${view}?${new URLSearchParams(query).toString()}`
}

export const findingsApiPath = `${API}/findings`

export function findingListApiPath(
  query: readonly (readonly [name: string, value: string])[],
  part?: 'facets',
): string {
  const path = part === undefined ? findingsApiPath : `${findingsApiPath}/${part}`
  return `${path}?${new URLSearchParams(query.map(([name, value]) => [name, value])).toString()}`
}

export function findingApiPath(
  id: string,
  part?: 'trend' | 'acknowledge' | 'mute' | 'reopen',
): string {
  const path = `${findingsApiPath}/${encodeURIComponent(id)}`
  return part === undefined ? path : `${path}/${part}`
}

export const rulesApiPath = `${API}/rules`

export function ruleApiPath(id: string): string {
  return `${rulesApiPath}/${encodeURIComponent(id)}`
}

export const tokensApiPath = `${API}/tokens`

export function tokenApiPath(id: string): string {
  return `${tokensApiPath}/${encodeURIComponent(id)}`
}

/** Entries of the audit log after `cursor`; empty texts stand for every action and the first page. */
export function auditApiPath(action: string, cursor: string): string {
  const query = new URLSearchParams({ limit: '50' })
  if (action !== '') query.set('action', action)
  if (cursor !== '') query.set('cursor', cursor)
  return `${API}/audit?${query.toString()}`
}

export const spacesApiPath = `${API}/spaces`

/** A page of the server that leads to the identity provider, and back to `returnTo`. */
export function loginPath(returnTo: string): string {
  return `/auth/login?${new URLSearchParams({ return: returnTo }).toString()}`
}

/** A page of the server that also signs out at the identity provider. */
export const logoutPath = '/auth/logout'

export const sessionApiPath = `${API}/session`

export const healthPath = '/healthz'

export const readyPath = '/readyz'

export const apiDocsPath = '/api/docs'
