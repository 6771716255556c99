import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { fetchTable, type RangeQuestion } from './fetch-range.ts'
import { printMovers, printOutliers, printSeries } from './print-tables.ts'

type Table = { readonly text: string } | { readonly refusal: string }

/** What a report over time or over a fleet prints; null for reports of one profile. */
export async function tableOf(
  { parameters, ...rest }: RangeQuestion,
  { report, function: name, package: path, subsystem, rule, step, before, n }: ParsedFlags['text'],
  switches: ParsedFlags['switches'],
): Promise<Table | null> {
  const isOfFunctions = [name, path, subsystem].some((one) => one !== undefined)
  const sort = switches.has('cum') || isOfFunctions ? 'cum' : 'flat'
  const measured = { function: name, package: path, subsystem, rule, step }
  const asked = (more: Readonly<Record<string, string | undefined>>): RangeQuestion => {
    const given = Object.entries({ ...parameters, sort, ...more })
    const known = given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
    return { ...rest, parameters: Object.fromEntries(known) }
  }
  switch (report) {
    case 'series':
      return printed(await fetchTable('series', asked(measured)), printSeries)
    case 'outliers':
      return printed(await fetchTable('outliers', asked(measured)), printOutliers)
    case 'movers':
      return printed(await fetchTable('movers', asked({ beforeQ: before, n })), (reply) =>
        printMovers(reply, sort),
      )
    default:
      return null
  }
}

function printed<Reply>(
  found: { readonly reply: Reply } | { readonly refusal: string },
  print: (reply: Reply) => string,
): Table {
  return 'refusal' in found ? found : { text: print(found.reply) }
}
