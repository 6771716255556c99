import { formatShare, formatValue } from '../../profile/index.ts'
import classes from './Amount.module.css'

/** Of a column of amounts: on a phone there is room for the share alone. */
export const AMOUNT_WIDTH = 'clamp(58px, 13vw, 150px)'

interface AmountProps {
  readonly value: number
  /** 0 to 1; a bar shows it too. */
  readonly share: number
  readonly unit: string
}

/** A value with its share of the total. */
export function Amount({ value, share, unit }: AmountProps) {
  const percent = Math.min(Math.abs(share), 1) * 100
  return (
    <span className={classes['amount']} style={{ backgroundSize: `${percent}% 100%` }}>
      <span className={classes['value']}>{formatValue(value, unit)}</span>
      <span className={classes['share']}>{formatShare(share)}</span>
    </span>
  )
}
