import classes from './UntrustedText.module.css'
import { HIDDEN_CHARACTERS, nameOfCharacter } from './visible-text.ts'

/**
 * A name from a profile or an upload, always as text; deceptive characters are shown by their code
 * point.
 */
export function UntrustedText(props: { readonly text: string }) {
  const parts = props.text.split(HIDDEN_CHARACTERS)
  if (parts.length === 1) return props.text
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of one text have no other identity
      <span key={index} className={classes['chip']}>
        {nameOfCharacter(part)}
      </span>
    ),
  )
}
