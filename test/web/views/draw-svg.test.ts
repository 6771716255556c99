import { expect, test } from 'vitest'
import type { Profile } from '../../../profile/index.ts'
import { chartSvg } from '../../../web/charts/chart-svg.ts'
import { drawSvg } from '../../../web/export/draw-svg.ts'
import { type DrawClient, pictureOf } from '../../../web/export/export-source.ts'
import { layoutGraph } from '../../../web/graph-layout/layout-graph.ts'
import { nodeBox } from '../../../web/graph-layout/node-box.ts'
import { en } from '../../../web/texts/en.ts'
import { DEFAULT_VIEW_STATE, type ViewState } from '../../../web/view-state/view-state.ts'
import { answerRequest } from '../../../web/view-worker/answer-request.ts'
import { cacheViews } from '../../../web/view-worker/open-views.ts'
import type { GraphAnswer } from '../../../web/view-worker/view-messages.ts'
import { writeFile } from '../../../web/view-worker/write-file.ts'
import { cpuProfile } from './open-folded.ts'

const HOSTILE = 'a<b>"&\u202e'
const profile = cpuProfile(
  `main;api.List;json.Encode 30 30\nmain;api.Get 60 60\nmain;api.${HOSTILE} 9 9`,
)

test.each([
  ['flame', 'api.Get'],
  ['top', 'json.Encode'],
  ['tree', 'api.Get'],
  ['peek', 'Callers'],
  ['sandwich', 'api.List'],
  ['packages', 'json'],
  ['raw', 'flat%'],
])('the %s view is a picture of its own', async (view, text) => {
  const svg = await drawn({ view, selected: 'api.List' })
  expect(svg).toContain(text)
  expect(tagsOf(svg)).toBe('balanced')
  expect(svg).not.toContain(HOSTILE)
})

test('a table has the order and the search of the page, and says what it leaves out', async () => {
  const bySum = await drawn({ view: 'top', sort: 'cum' })
  expect(bySum.indexOf('>main<')).toBeLessThan(bySum.indexOf('>api.Get<'))
  const found = await drawn({ view: 'top', search: 'json' })
  expect([found.includes('json.Encode'), found.includes('api.Get')]).toEqual([true, false])
  const many = Array.from({ length: 250 }, (_, row) => `main;f${row} 1 1`).join('\n')
  expect(await drawn({ view: 'top' }, cpuProfile(many))).toContain('51 more')
})

test('the picture of a sandwich has the callers upside down above the callees', async () => {
  const svg = await drawn({ view: 'sandwich', selected: 'api.List' })
  const topOf = (name: string) =>
    Number(new RegExp(`<title>${name} [^<]*</title><rect x="[^"]*" y="(\\d+)"`).exec(svg)?.[1])
  expect(topOf('main')).toBeLessThan(topOf('api.List'))
})

test('views of a function are refused without one', async () => {
  await expect(drawn({ view: 'peek' })).rejects.toThrow(en.peekEmpty)
  await expect(drawn({ view: 'sandwich' })).rejects.toThrow(en.sandwichEmpty)
})

test('the call graph is drawn as it is laid out', async () => {
  const svg = await drawn({ view: 'graph' })
  expect(svg.match(/<rect [^>]*rx="4"/g)).toHaveLength(2)
  expect(svg).toContain('marker-end="url(#arrow)"')
  expect(tagsOf(svg)).toBe('balanced')
})

test('a chart has its lines, what happened, its captures and a legend', () => {
  const svg = chartSvg(
    {
      lines: [
        { label: 'CPU', tone: 'line', points: [point(0, 1), point(60, null), point(120, 2)] },
      ],
      marks: [{ atMs: 60_000, kind: 'restart', text: `restarted ${HOSTILE}` }],
      captures: [{ atMs: 0, level: 'critical' }],
      bands: [],
      unit: 'cores',
    },
    { title: 'CPU over time', zoneName: 'UTC', colour: (name) => `c-${name}`, texts: en },
  )
  // A gap where there is no value.
  expect(svg).toMatch(/<path d="M[\d. ]+M[\d. ]+" fill="none" stroke="c-1"/)
  expect(svg).toContain('1970-01-01 00:01:00 UTC')
  expect(svg).toContain('fill="c-critical"')
  expect(tagsOf(svg)).toBe('balanced')
})

function point(seconds: number, value: number | null) {
  return { atMs: seconds * 1000, value }
}

function drawn(state: Partial<ViewState>, of: Profile = profile): Promise<string> {
  const source = pictureOf('local:1', 'kube-apiserver cpu', { ...DEFAULT_VIEW_STATE, ...state })
  return drawSvg({ client: clientOf(of), source, texts: en })
}

/** Answers without a worker. */
function clientOf(of: Profile): DrawClient {
  const views = cacheViews(of)
  return {
    flame: (request) => answerRequest(views, { kind: 'flame', ...request }),
    search: (request) => answerRequest(views, { kind: 'search', ...request }),
    top: (query) => answerRequest(views, { kind: 'top', query }),
    peek: (request) => answerRequest(views, { kind: 'peek', ...request }),
    packages: (query) => answerRequest(views, { kind: 'packages', query }),
    tags: (query) => answerRequest(views, { kind: 'tags', query }),
    sandwich: (request) => answerRequest(views, { kind: 'sandwich', ...request }),
    tree: (request) => answerRequest(views, { kind: 'tree', ...request }),
    graph: async () => graphAnswer(),
    file: ({ query, format }) =>
      writeFile({ profile: of, before: null, query, format, of: 'profile' }),
    compare: (request) => answerRequest(views, { kind: 'compare', ...request }),
  }
}

function graphAnswer(): GraphAnswer {
  const total = 100
  const nodes = [
    { name: 'main', flat: 0, cum: 100 },
    { name: `api.${HOSTILE}`, flat: 9, cum: 9 },
  ]
  const boxes = nodes.map((node) => nodeBox({ ...node, unit: 'nanoseconds', total, flatMax: 9 }))
  const edge = { caller: 0, callee: 1, weight: 9, isInlined: false, isResidual: false }
  const placed = layoutGraph({ nodes: boxes, edges: [{ ...edge, share: 0.09, textPx: 30 }] })
  return {
    totals: { type: 'cpu', unit: 'nanoseconds', total, filteredTotal: total },
    widthPx: placed.widthPx,
    heightPx: placed.heightPx,
    nodes: nodes.map((node, row) => ({
      ...node,
      ...(boxes[row] ?? nodeBox({ ...node, unit: 'nanoseconds', total, flatMax: 9 })),
      ...(placed.nodes[row] ?? { xPx: 0, yPx: 0 }),
    })),
    edges: [
      {
        ...edge,
        text: '9 ns',
        hasRoom: true,
        points: placed.edges[0]?.points ?? [],
        textAt: placed.edges[0]?.text ?? { xPx: 0, yPx: 0 },
      },
    ],
    funcCount: 2,
    smallCount: 0,
  }
}

const TAG = /<(\/?)(\w+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g

/** `balanced` where every element is closed and every attribute quoted; else what is not. */
function tagsOf(svg: string): string {
  const open: string[] = []
  for (const [tag, end, name = '', empty] of svg.matchAll(TAG)) {
    if (end === '/' && open.pop() !== name) return tag
    if (end === '' && empty === '') open.push(name)
  }
  const bare = /[<>].{0,80}/.exec(svg.replaceAll(TAG, ''))
  return open[0] ?? bare?.[0] ?? 'balanced'
}
