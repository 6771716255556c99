import { ExportMenu } from '../export/ExportMenu.tsx'
import { differenceOf } from '../export/export-source.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useCompareChoice } from './use-compare-choice.ts'

interface CompareExportProps {
  /** Where the columns of the two are. */
  readonly before: string
  readonly after: string
  /** What they are. */
  readonly facts: readonly string[]
}

/** What a comparison can be taken along as, in the state that the page shows. */
export function CompareExport({ before, after, facts }: CompareExportProps) {
  const texts = useTexts()
  const [choice] = useCompareChoice()
  const title = texts.compareTitle
  return (
    <ExportMenu
      page={{ title, facts, report: null }}
      pictures={[differenceOf({ before, after }, facts.join(' → '), choice)]}
    />
  )
}
