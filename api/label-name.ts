/** The name of a label, as a filter can write it: letters, digits and `_ . / -`. */
export const LABEL_NAME = '[A-Za-z0-9_./-]{1,100}'
export const LABEL_VALUE_CHARS_MAX = 1000

/** What `LABEL_NAME` is, for people. */
export const LABEL_NAME_IN_WORDS = 'up to 100 letters, digits and _ . / -'

const WHOLE = new RegExp(`^${LABEL_NAME}$`)

/** Whether a filter, `label.NAME`, can name this label. */
export function isLabelName(text: string): boolean {
  return WHOLE.test(text)
}
