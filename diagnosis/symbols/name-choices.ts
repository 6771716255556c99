/**
 * The texts in which one choice of `{a,b}` is made and all others stay open, so that each option can be asked for on
 * its own; the text itself when it has no choices. `{...}` is Go's literal type and no choice.
 */
export function singleChoices(text: string): readonly string[] {
  const groups = choiceGroups(text)
  if (groups.length === 0) return [text]
  return groups.flatMap(({ start, end, options }) =>
    options.map((option) => text.slice(0, start) + option + text.slice(end)),
  )
}

interface ChoiceGroup {
  readonly start: number
  readonly end: number
  readonly options: readonly string[]
}

function choiceGroups(text: string): readonly ChoiceGroup[] {
  const groups: ChoiceGroup[] = []
  let depth = 0
  let start = 0
  let optionStart = 0
  let options: string[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '{' && !text.startsWith('{...}', at)) {
      if (depth++ > 0) continue
      start = at
      optionStart = at + 1
      options = []
    } else if (char === ',' && depth === 1) {
      options.push(text.slice(optionStart, at))
      optionStart = at + 1
    } else if (char === '}' && depth > 0 && --depth === 0) {
      groups.push({ start, end: at + 1, options: [...options, text.slice(optionStart, at)] })
    }
  }
  return groups
}
