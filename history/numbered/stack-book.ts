import {
  type Block,
  type NumberedPaths,
  type Profile,
  type UnifiedRows,
  unifyRows,
} from '../../profile/index.ts'
import { ContentTables, type FrameBody, mainMappingText } from './content.ts'
import { distinctNumbers, readPaths } from './frame-paths.ts'
import { NativeColumns } from './native-columns.ts'
import { PlaceTable } from './place-table.ts'
import { type Ask, incomplete } from './stack-sums.ts'

/** What numbers of stacks, or of frames, stand for. What was asked for is remembered: it never changes. */
export interface StackBook {
  /** Fetches those of these that are not known. */
  learn(ask: Ask, numbers: Uint32Array): Promise<void>
  tables(ask: Ask, numbers: Uint32Array, mainMapping: string): Promise<StackRows>
}

export interface StackRows {
  /** Tables of the stacks asked for and no others; frames are stacks of one. */
  readonly tables: Profile
  /** The row of a stack that was asked for. Stacks with two numbers have one row. */
  readonly rowOf: (number: number) => number
}

const STACKS_MAX = 500_000
/** Each is walked for each range. */
const CHAPTERS_MAX = 8

/** Stacks that were fetched at once: tables whose rows they are. */
type Chapter = Pick<Block, 'tables'>

interface Known {
  readonly chapters: readonly Chapter[]
  /** By number: the row, where rows of chapters are counted one behind the other. */
  readonly places: PlaceTable
}

/** `fetch` brings those of some numbers. */
export function openStackBook(fetch: typeof fetchStacks = fetchStacks): StackBook {
  let known: Known = { chapters: [], places: new PlaceTable() }
  const knowing = async (ask: Ask, numbers: Uint32Array): Promise<Known> => {
    for (;;) {
      const { places } = known
      const missing = numbers.filter((number) => places.placeOf(number) < 0)
      if (missing.length === 0) return known
      const isFull = places.size + missing.length > STACKS_MAX
      const fetched = await fetch(ask, isFull ? numbers : missing)
      // Another range may have been read meanwhile.
      known = withChapter(isFull ? { chapters: [], places: new PlaceTable() } : known, fetched)
    }
  }
  return {
    async learn(ask, numbers) {
      await knowing(ask, numbers)
    },
    async tables(ask, numbers, mainMapping) {
      return rowsOf(await knowing(ask, numbers), numbers, mainMapping)
    },
  }
}

interface Fetched extends Chapter {
  /** The numbers of the rows. */
  readonly found: Uint32Array
}

async function fetchStacks(ask: Ask, numbers: Uint32Array): Promise<Fetched> {
  const answer = new NativeColumns(await ask({ ask: 'stacks', numbers: [...numbers] }))
  const [found, labels] = [answer.u32(0), answer.texts(2)]
  if (found.length < numbers.length) throw incomplete(numbers.length)
  const paths = readPaths(answer.u32Lists(1), answer.bounds(3))
  const tables = new ContentTables()
  const { locationOf } = await addFrames(ask, tables, distinctNumbers(paths.numbers))
  return { tables: tables.finish({ paths, locationOf, labels }), found }
}

/** Each as a stack of its own. */
export async function fetchFrames(ask: Ask, numbers: Uint32Array): Promise<Fetched> {
  const tables = new ContentTables()
  const { found, locationOf } = await addFrames(ask, tables, [...numbers])
  const labels = Array.from(found, () => '')
  return { tables: tables.finish({ paths: singleSteps(found), locationOf, labels }), found }
}

function singleSteps(numbers: Uint32Array): NumberedPaths {
  const starts = Uint32Array.from({ length: numbers.length + 1 }, (_, row) => row)
  return { kept: new Uint32Array(numbers.length), starts, numbers }
}

/** Which frames were found, and by number the location of each. */
async function addFrames(ask: Ask, tables: ContentTables, numbers: readonly number[]) {
  const answer = new NativeColumns(await ask({ ask: 'frames', numbers }))
  const found = answer.u32(0)
  if (found.length < numbers.length) throw incomplete(numbers.length)
  // What `contentOf` wrote.
  // oxlint-disable-next-line no-unsafe-type-assertion
  const bodies = answer.json(1) as readonly FrameBody[]
  const most = found.reduce((largest, number) => Math.max(largest, number), 0)
  const locationOf = new Uint32Array(most + 1)
  for (const [row, body] of bodies.entries()) locationOf[found[row] ?? 0] = tables.addFrame(body)
  return { found, locationOf }
}

function withChapter({ chapters, places }: Known, { tables, found }: Fetched): Known {
  const start = chapters.reduce((sum, chapter) => sum + chapter.tables.samples.length, 0)
  for (let row = 0; row < found.length; row++) places.set(found[row] ?? 0, start + row)
  const all = [...chapters, { tables }]
  if (all.length <= CHAPTERS_MAX) return { chapters: all, places }
  const unified = unifyRows(all)
  return { chapters: [unified], places: places.moved(placesOf(all, unified)) }
}

/** The rows of all chapters, one chapter behind the other, as unified rows. */
function placesOf(chapters: readonly Chapter[], { rowsOf }: UnifiedRows): Int32Array {
  const places = new Int32Array(
    chapters.reduce((sum, { tables }) => sum + tables.samples.length, 0),
  )
  let start = 0
  for (const [index, { tables }] of chapters.entries()) {
    places.set(
      rowsOf[index] ?? Int32Array.from({ length: tables.samples.length }, (_, row) => row),
      start,
    )
    start += tables.samples.length
  }
  return places
}

/** Brings the stacks of all chapters together. */
function rowsOf({ chapters, places }: Known, numbers: Uint32Array, mainMapping: string): StackRows {
  const [first] = chapters
  if (
    chapters.length === 1 &&
    first !== undefined &&
    isAsked(first, { numbers, places, mainMapping })
  ) {
    return { tables: first.tables, rowOf: (number) => places.placeOf(number) }
  }
  const isUsed = new Uint8Array(
    chapters.reduce((sum, { tables }) => sum + tables.samples.length, 0),
  )
  for (let at = 0; at < numbers.length; at++) isUsed[places.placeOf(numbers[at] ?? 0)] = 1
  let start = 0
  const used = chapters.map(({ tables }) => {
    const end = start + tables.samples.length
    const own = isUsed.subarray(start, end)
    start = end
    return own
  })
  // The main binary comes first.
  const main = new ContentTables()
  main.addMainMapping(mainMapping)
  const none = { paths: singleSteps(new Uint32Array()), locationOf: new Uint32Array(), labels: [] }
  const all = [{ tables: main.finish(none) }, ...chapters]
  const unified = unifyRows(all, [new Uint8Array(), ...used])
  const rows = placesOf(all, unified)
  return { tables: unified.tables, rowOf: (number) => rows[places.placeOf(number)] ?? 0 }
}

interface Asked {
  readonly numbers: Uint32Array
  readonly places: PlaceTable
  readonly mainMapping: string
}

/** Whether tables have the stacks asked for and no others, each once, and the main binary first. */
function isAsked({ tables }: Chapter, { numbers, places, mainMapping }: Asked): boolean {
  const { samples, stacks, labelSets } = tables
  if (samples.length !== numbers.length || labelSets.length > 1) return false
  if (mainMappingText(tables) !== mainMapping) return false
  const isMet = new Uint8Array(stacks.length + 1)
  for (let at = 0; at < numbers.length; at++) {
    const stack = (samples.stack[places.placeOf(numbers[at] ?? 0)] ?? 0) + 1
    if (isMet[stack] === 1) return false
    isMet[stack] = 1
  }
  return true
}
