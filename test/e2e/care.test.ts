import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CreateLinkBody, CreateLinkReply } from '../../api/index.ts'
import { isThorough } from '../extent.ts'
import { lacks } from '../requirements.ts'
import { until } from '../until.ts'
import { settle, violations } from './axe.ts'
import { HOSTILE, uploadHostileCapture } from './hostile-capture.ts'
import { walkByKeyboard } from './keyboard-walk.ts'
import { type OpenedWeb, openWeb, overflowPx, uploadExample } from './open-web.ts'

const VIEWS = ['flame', 'top', 'peek', 'sandwich', 'graph', 'tree', 'packages', 'tags', 'raw']

const SCREENS = [
  ['light', 1400],
  ['dark', 390],
  ['dark', 1400],
  ['light', 390],
] as const
/** A plain run looks at half of the pages, each on one of the first two. */
const LOOKED_AT = (isThorough ? SCREENS : SCREENS.slice(0, 2)).map(
  ([colorScheme, width], turn) => [colorScheme, width, turn] as const,
)
/** All views are of one page, so that a plain run looks at three of them. */
const LOOKED_AT_VIEWS = isThorough ? VIEWS : VIEWS.filter((_, index) => index % 3 === 0)

describe.skipIf(lacks('chromium'))('every page', () => {
  let web: OpenedWeb
  let paths: readonly string[]
  beforeAll(async () => {
    web = await openWeb({ settings: { 'server.embedOrigins': '["https://wiki.example"]' } })
    const id = await uploadExample(web.url, 'apiserver-list-no-rv/cpu.pb.gz')
    const other = await uploadExample(web.url, 'apiserver-healthy-mixed/cpu.pb.gz')
    paths = [
      '/',
      '/captures',
      '/profiles',
      '/targets',
      '/rules',
      '/rules/apiserver.list-from-etcd',
      '/nothing-here',
      '/local',
      '/settings',
      SIGN_IN,
      '/findings',
      ...(await pagesOfTarget(web.url)),
      ...(await pagesOfLinks(web.url, id, other)),
      `/profiles/${id}`,
      `/compare?a=${other}&b=${id}`,
      `/profiles/${id}?f=mallocgc&h=runtime.systemstack&s=gc`,
      ...LOOKED_AT_VIEWS.map((view) => `/profiles/${id}?view=${view}&sel=runtime.mallocgc`),
    ]
  })
  afterAll(() => web.close())

  test.each(LOOKED_AT)(
    'has no violation that axe finds, and a title of its own, %s at %i px',
    async (...on) => {
      const [colorScheme, width, turn] = on
      const lookedAt = paths.filter((_, index) => isThorough || index % 4 === turn)
      const { page } = await web.openPage({ colorScheme, viewport: { width, height: 844 } })
      const titles = new Set<string>()
      const found: { path: string; violations: readonly string[] }[] = []
      for (const path of lookedAt) {
        const isSignIn = path === SIGN_IN
        if (isSignIn) await page.route('**/api/v1/session', askForToken)
        await page.goto(web.url + path)
        await settle(page)
        if (isSignIn) await page.unroute('**/api/v1/session')
        await expect.poll(() => overflowPx(page), { message: path }).toBe(0)
        found.push({ path, violations: await violations(page) })
        if (hasOwnTitle(path)) {
          titles.add(await until(() => newTitle(page, titles)))
        }
      }
      expect(found).toEqual(lookedAt.map((path) => ({ path, violations: [] })))
      expect(titles.size).toBe(lookedAt.filter(hasOwnTitle).length)
    },
  )

  test('is used whole by keyboard, and shows where it is', async () => {
    const { page } = await web.openPage()
    const walked = paths.filter(
      (path, index) => path !== SIGN_IN && (isThorough || index % 12 === 0),
    )
    const found: { path: string; faults: readonly string[] }[] = []
    for (const path of walked) {
      await page.goto(web.url + path)
      await settle(page)
      found.push({ path, faults: await walkByKeyboard(page) })
    }
    expect(found).toEqual(walked.map((path) => ({ path, faults: [] })))
  })
})

/** The title of the page, `null` while it is that of another. */
async function newTitle(page: Page, others: ReadonlySet<string>): Promise<string | null> {
  const title = await page.title()
  return others.has(title) ? null : title
}

/** A link shows what another page shows too, and views are of one page. */
function hasOwnTitle(path: string): boolean {
  return !/^\/[se]\/|\?/.test(path)
}

/** The start page of a server that needs a token. */
const SIGN_IN = '/#sign-in'

async function askForToken(route: Route): Promise<void> {
  const stranger = {
    needsToken: true,
    role: null,
    name: null,
    oidcName: null,
    space: null,
    metricsUrl: null,
  }
  await route.fulfill({ json: stranger })
}

/** The pages of a target, of its finding and capture, which is shared too, and of its history. */
async function pagesOfTarget(url: string): Promise<readonly string[]> {
  const { captureId, profileId, findingId } = await uploadHostileCapture(url)
  const shared = await createLink(url, { profileId, captureId, view: '' })
  return [
    `/targets/${encodeURIComponent(HOSTILE.target)}`,
    `/findings/${findingId}`,
    `/captures/${captureId}`,
    `/s/${shared}`,
    '/ranges',
  ]
}

/** A shared profile, the same for other sites to embed, and a shared comparison. */
async function pagesOfLinks(
  url: string,
  profileId: string,
  beforeId: string,
): Promise<readonly string[]> {
  const view = await createLink(url, { profileId, view: 'view=top', name: LINK_NAME })
  const comparison = await createLink(url, { profileId, beforeId, view: '' })
  return [`/s/${view}`, `/e/${view}`, `/s/${comparison}`]
}

const LINK_NAME = HOSTILE.target.slice(0, 80)

async function createLink(url: string, body: CreateLinkBody): Promise<string> {
  const reply = await fetch(`${url}/api/v1/links`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { token }: CreateLinkReply = JSON.parse(await reply.text())
  return token
}
