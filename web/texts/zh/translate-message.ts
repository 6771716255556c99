/**
 * English sentences and their Chinese. `{1}`, `{2}`, ... stand for names, numbers and the words of others; `{1w}` for one
 * word, `{1p}` for a phrase that is here too, and `{1q}` for one that may be here or be the words of others.
 */
export type Sentences = Readonly<Record<string, string>>

/** In Chinese, or `null` for a message that is not known. */
export type TranslateMessage = (message: string) => string | null

type SlotKind = '' | 'w' | 'p' | 'q'

interface Form {
  readonly pattern: RegExp
  readonly kinds: readonly SlotKind[]
  readonly chinese: string
  /** The lower, the sooner it is tried. */
  readonly rank: number
}

const SLOT = /\{(\d)([wpq]?)\}/g
/** Between Chinese letters, as what fills a slot may have. */
const BLANK = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu
/** What begins with a slot may swallow the beginning of another sentence, so it comes last. */
const OPEN_RANK = 10_000
const SENTENCE_END = /(?<=[.?!…]) /g

/**
 * The server describes its errors in English, also those that it has stored. A message is read as several sentences in a
 * row, or as one, the most specific first.
 */
export function messageTranslator(sentences: Sentences): TranslateMessage {
  const forms = Object.entries(sentences)
    .map(([english, chinese]) => formOf(english, chinese))
    .toSorted((a, b) => a.rank - b.rank)

  function translate(text: string): string | null {
    const ends = [...text.matchAll(SENTENCE_END)].map(({ index }) => index).toReversed()
    for (const end of ends) {
      const last = whole(text.slice(end + 1))
      const first = last === null ? null : translate(text.slice(0, end))
      if (last !== null && first !== null) return `${ended(first)}${last}`
    }
    return whole(text)
  }

  function whole(text: string): string | null {
    const plain = text.replace(/\.$/, '')
    for (const form of forms) {
      const slots = form.pattern.exec(plain)
      const filled = slots === null ? null : fill(form, slots)
      if (filled !== null) return filled
    }
    return null
  }

  function fill({ kinds, chinese }: Form, { groups = {} }: RegExpExecArray): string | null {
    const values = kinds.map((kind, place) => {
      const slot = groups[`s${place + 1}`] ?? ''
      const known = kind === 'p' || kind === 'q' ? translate(slot) : slot
      return known ?? (kind === 'q' ? slot : null)
    })
    if (values.includes(null)) return null
    const filled = chinese.replaceAll(SLOT, (_, place: string) => values[Number(place) - 1] ?? '')
    return filled.replaceAll(BLANK, '')
  }

  return translate
}

/** With the mark that ends a sentence. */
export function ended(chinese: string): string {
  return /[。？！…]$/.test(chinese) ? chinese : `${chinese}。`
}

function formOf(english: string, chinese: string): Form {
  const slots = [...english.matchAll(SLOT)]
  const kinds: SlotKind[] = []
  let source = ''
  let end = 0
  for (const { 0: slot, 1: place, 2: kind, index } of slots) {
    kinds[Number(place) - 1] = slotKind(kind)
    source += `${escaped(english.slice(end, index))}(?<s${place}>${kind === 'w' ? String.raw`\S+` : '.*?'})`
    end = index + slot.length
  }
  source += escaped(english.slice(end))
  return {
    pattern: new RegExp(`^${anyCase(source)}$`, 's'),
    kinds,
    chinese,
    rank: -english.replaceAll(SLOT, '').length + (english.startsWith('{') ? OPEN_RANK : 0),
  }
}

function slotKind(text: string | undefined): SlotKind {
  return text === 'w' || text === 'p' || text === 'q' ? text : ''
}

/** The first letter is small where the sentence is part of another. */
function anyCase(source: string): string {
  const [first = ''] = source
  if (!/[A-Za-z]/.test(first)) return source
  return `[${first.toLowerCase()}${first.toUpperCase()}]${source.slice(1)}`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
