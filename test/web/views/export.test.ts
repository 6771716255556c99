import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeProfile, type Profile, profileFromFolded } from '../../../profile/index.ts'
import { pageHtml } from '../../../web/export/page-html.ts'
import { fileNameOf } from '../../../web/pictures/save-file.ts'
import { comparisonMarkdown, pageMarkdown } from '../../../web/export/view-markdown.ts'
import { openPicture } from '../../../web/standalone/open-picture.ts'
import type { PageData, PagePicture, PageTexts } from '../../../web/standalone/page-data.ts'
import { en } from '../../../web/texts/en.ts'
import type { Filters } from '../../../web/view-state/filters.ts'
import { answerRequest } from '../../../web/view-worker/answer-request.ts'
import { cacheViews } from '../../../web/view-worker/open-views.ts'
import type { FileFormat } from '../../../web/view-worker/view-messages.ts'
import { writeFile } from '../../../web/view-worker/write-file.ts'
import { cpuProfile } from './open-folded.ts'

const TEXTS: PageTexts = {
  perRequest: '# per request',
  cores: '# cores',
  search: 'Find',
  regex: 'RE2',
  next: 'Next',
  previous: 'Previous',
  noMatch: 'no match',
  whole: 'all',
  chain: 'chain',
  flame: 'Flame graph',
  picture: 'Profile',
  findings: 'Findings',
  show: 'Show',
  remedy: 'What to do',
  self: 'flat',
  hint: 'hint',
  failed: 'failed',
  changes: en.compareStatus,
}
const FLAME = { zoom: '', widthPx: 1000, hidesChain: false }
const profile = cpuProfile('main;api.List;json.Encode 30 30\nmain;api.Get 60 60\nmain;secret 10 10')
const WITHOUT_SECRET: Filters = [{ kind: 'i', pattern: 'secret' }]

test('a page that stands alone shows what the filters left, and holds no other name', async () => {
  const file = await written(profile, 'columns', WITHOUT_SECRET)
  expect(Buffer.from(await file.arrayBuffer()).includes('secret')).toBe(false)
  const { flame, search } = await openPicture(await pictureOf(file, { total: 100 }), TEXTS)
  const { answer, format } = await flame(FLAME)
  expect(answer.frames.map(({ name, cum }) => `${name} ${cum}`)).toEqual([
    'root 90',
    'main 90',
    'api.Get 60',
    'api.List 30',
    'json.Encode 30',
  ])
  expect(format(60)).toBe('60 ns')
  // Shares are of the whole profile.
  expect(answer.totals).toMatchObject({ total: 100, filteredTotal: 90 })
  expect(await search('json', { isRegex: false, hidesChain: false })).toMatchObject({ share: 0.3 })
  const regex = await search('^api\\.(Get|List)$', { isRegex: true, hidesChain: false })
  expect([regex.funcCount, regex.share]).toEqual([2, 0.9])
  const zoomed = await flame({ ...FLAME, zoom: answer.frames[3]?.key ?? '' })
  expect(zoomed.answer.frames[zoomed.answer.focusRow]?.name).toBe('api.List')
})

test('a page that stands alone compares two profiles', async () => {
  const before = seconds(10, 'main;old 5000000000')
  const after = seconds(20, 'main;young 20000000000')
  const [first, second] = [await written(before, 'columns'), await written(after, 'columns')]
  const picture = await pictureOf(second, { before: first, total: 1 })
  const { answer, format } = await (await openPicture(picture, TEXTS)).flame(FLAME)
  const changes = answer.frames.map(({ name, change }) => [name, change?.kind, change?.after])
  expect(changes).toContainEqual(['young', 'new', 1e9])
  expect(changes).toContainEqual(['old', 'gone', 0])
  expect(format(1e9)).toBe('1.00 cores')
})

test('names are data in the page, and no markup', () => {
  const name = '</script><script>alert(1)</script><!--\u202e"\'&'
  const data: PageData = {
    title: name,
    facts: [name],
    origin: { url: 'http://kubeprof/', text: 'from' },
    findings: [],
    pictures: [],
    texts: TEXTS,
  }
  const code = { script: 'run()', style: 'p{}', policy: "default-src 'none'", language: 'en' }
  const html = pageHtml(data, code)
  expect(html.match(/<\/?script/g)).toHaveLength(4)
  expect(html).not.toContain('<!--')
  expect(html).toContain(`content="default-src 'none'"`)
  const [, json = ''] = /id="data">(.*?)<\/script>/.exec(html) ?? []
  expect(JSON.parse(json)).toEqual(data)
})

test('a difference is a profile that pprof reads', async () => {
  const before = cpuProfile('main;old 3 3\nmain;kept 1 1')
  const file = await writeFile({
    profile: cpuProfile('main;young 4 4\nmain;kept 1 1'),
    before,
    query: { sampleType: '', filters: [] },
    format: 'csv',
    of: 'difference',
  })
  const text = await file.text()
  expect(text).toContain('young')
  expect(text).toMatch(/old.*-3/)
})

test('each format has what the filters left', async () => {
  const texts = ['folded', 'speedscope', 'csv', 'json'] as const
  for (const format of texts) {
    const text = await (await written(profile, format, WITHOUT_SECRET)).text()
    expect(text).toContain('json.Encode')
    expect(text).not.toContain('secret')
  }
  const zipped = new Uint8Array(
    await (await written(profile, 'pprof', WITHOUT_SECRET)).arrayBuffer(),
  )
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream('gzip'))
  const read = decodeProfile(new Uint8Array(await new Response(stream).arrayBuffer()))
  expect(read.strings).toContain('json.Encode')
  expect(read.strings).not.toContain('secret')
})

test('Markdown has the heaviest functions, and of a comparison those that changed', async () => {
  const page = { title: 'a|b', facts: ['cpu 100 ns'], report: null }
  const options = { url: 'http://kubeprof/', texts: en }
  const query = { sampleType: '', filters: [] }
  const top = await answerRequest(cacheViews(profile), { kind: 'top', query })
  const text = pageMarkdown(page, top, options)
  expect(text).toContain(String.raw`## a\|b`)
  expect(text).toContain('| 60 ns | 60% | 60 ns | 60% | api.Get |')
  const views = cacheViews(cpuProfile('main;young 400 400'), undefined, profile)
  const compared = await answerRequest(views, {
    kind: 'compare',
    sampleType: '',
    per: 'profile',
    side: 'both',
    zoom: '',
    hidesChain: true,
    widthPx: 1,
  })
  expect(comparisonMarkdown(page, compared, options)).toMatch(/\+400 ns .* new \| young \|/)
})

test('file names are plain, and never empty', () => {
  expect(fileNameOf(['api · cp/1', null, '../x'], 'svg')).toBe('api-cp-1-..-x.svg')
  expect(fileNameOf(['///'], 'html')).toBe('kubeprof.html')
})

function seconds(count: number, folded: string): Profile {
  return {
    ...profileFromFolded(folded, [{ type: 'cpu', unit: 'nanoseconds' }]),
    durationNs: BigInt(count) * 1_000_000_000n,
  }
}

function written(of: Profile, format: FileFormat, filters: Filters = []): Promise<Blob> {
  const query = { sampleType: '', filters }
  return writeFile({ profile: of, before: null, query, format, of: 'profile' })
}

async function pictureOf(
  columns: Blob,
  { before, total }: { readonly before?: Blob; readonly total: number },
): Promise<PagePicture> {
  return {
    title: 'cpu',
    columns: await packed(columns),
    before: before === undefined ? null : await packed(before),
    isRepaired: true,
    total,
    per: 'second',
    direction: 'icicle',
    colour: 'subsystem',
    hidesChain: false,
    zoom: '',
    search: '',
    isRegex: false,
  }
}

async function packed(file: Blob): Promise<string> {
  return gzipSync(Buffer.from(await file.arrayBuffer())).toString('base64')
}
