import type { RequestRates } from '../../profile/index.ts'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { differenceOf } from '../export/export-source.ts'
import { useTexts } from '../texts/texts-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { chosenPer, useCompareChoice } from './use-compare-choice.ts'

interface CompareExportProps {
  /** Where the columns of the two are. */
  readonly before: string
  readonly after: string
  /** Requests a second of both; `null` where that is not known. */
  readonly rates: RequestRates | null
  /** The choice of an address without one. */
  readonly whenEmpty?: SearchParams
  /** What they are. */
  readonly facts: readonly string[]
}

/** What a comparison can be taken along as, in the state that the page shows. */
export function CompareExport({ before, after, rates, whenEmpty, facts }: CompareExportProps) {
  const texts = useTexts()
  const [choice] = useCompareChoice(whenEmpty)
  const title = texts.compareTitle
  return (
    <ExportMenu
      page={{ title, facts, report: null }}
      pictures={[
        differenceOf({ before, after }, facts.join(' → '), {
          ...choice,
          per: chosenPer(choice, rates),
        }),
      ]}
    />
  )
}
