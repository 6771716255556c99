import type { Evidence } from '../../api/index.ts'
import { formatValue } from '../../profile/index.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './EvidenceList.module.css'
import { EvidenceStack } from './EvidenceStack.tsx'

interface EvidenceListProps {
  readonly evidence: readonly Evidence[]
  /** Of the values. */
  readonly unit: string
}

/** The sentences and numbers first, then the stacks. */
export function EvidenceList(props: EvidenceListProps) {
  const facts = props.evidence.filter((item) => item.stack === undefined)
  const stacks = props.evidence.filter((item) => item.stack !== undefined)
  return (
    <>
      {facts.length > 0 && (
        <ul className={classes['facts']}>
          {facts.map((item) => (
            <li key={`${item.kind} ${item.text}`}>
              <UntrustedText text={item.text} />
            </li>
          ))}
        </ul>
      )}
      {stacks.map((item) => (
        <figure key={`${item.text} ${(item.stack ?? []).join(';')}`} className={classes['stack']}>
          <figcaption className={classes['caption']}>
            <UntrustedText text={item.text} />
            <span className="numbers muted"> {amountOf(item, props.unit)}</span>
          </figcaption>
          <EvidenceStack
            stack={item.stack ?? []}
            inferredCount={item.inferred ?? 0}
            matchedRows={item.matched ?? []}
          />
        </figure>
      ))}
    </>
  )
}

function amountOf({ value }: Evidence, unit: string): string {
  return value === undefined ? '' : formatValue(value, unit)
}
