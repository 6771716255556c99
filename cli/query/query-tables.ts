import { staleNote } from '../../api/profiles/stale-note.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { fetchTable, type RangeQuestion } from './fetch-range.ts'
import { printMovers, printOutliers, printSeries } from './print-tables.ts'

/** `note` is for who reads the text. */
type Table = { readonly text: string; readonly note: string | null } | { readonly refusal: string }

/** What a report over time or over a fleet prints; null for reports of one profile. */
export async function tableOf(
  { parameters, ...rest }: RangeQuestion,
  {
    report,
    function: name,
    package: path,
    subsystem,
    rule,
    step,
    per,
    before,
    n,
  }: ParsedFlags['text'],
  switches: ParsedFlags['switches'],
): Promise<Table | null> {
  const isOfFunctions = [name, path, subsystem].some((one) => one !== undefined)
  const sort = switches.has('cum') || isOfFunctions ? 'cum' : 'flat'
  const measured = { function: name, package: path, subsystem, rule, step, per }
  const asked = (more: Readonly<Record<string, string | undefined>>): RangeQuestion => {
    const given = Object.entries({ ...parameters, sort, ...more })
    const known = given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
    return { ...rest, parameters: Object.fromEntries(known) }
  }
  const chosen = name ?? path ?? subsystem
  switch (report) {
    case 'series':
      return printed(
        await fetchTable('series', asked(measured)),
        printSeries,
        ({ lines, staleCount }) =>
          staleNote(staleCount) ??
          noteOf(
            chosen,
            lines.flatMap(({ points }) => points),
          ),
      )
    case 'outliers':
      return printed(
        await fetchTable('outliers', asked(measured)),
        printOutliers,
        ({ rows, staleCount }) => staleNote(staleCount) ?? noteOf(chosen, rows),
      )
    case 'movers':
      return printed(
        await fetchTable('movers', asked({ beforeQ: before, n })),
        (reply) => printMovers(reply, sort),
        (reply) => staleNote(reply.before.staleCount + reply.after.staleCount),
      )
    default:
      return null
  }
}

function printed<Reply>(
  found: { readonly reply: Reply } | { readonly refusal: string },
  print: (reply: Reply) => string,
  note: (reply: Reply) => string | null,
): Table {
  return 'refusal' in found ? found : { text: print(found.reply), note: note(found.reply) }
}

/** A name that is not there has the value 0 everywhere, as one that does nothing. */
function noteOf(
  name: string | undefined,
  values: readonly { readonly value: number }[],
): string | null {
  if (name === undefined || values.some(({ value }) => value !== 0)) return null
  return `${name} has no value in this range; names are whole, as --report top prints them`
}
