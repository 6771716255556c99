import { shortFuncName } from '../untrusted/short-func-name.ts'

/** How wide a text is, in pixels. */
export type MeasureText = (text: string) => number

/**
 * Ever shorter names of a function, as pprof has them: `etcd3.(*store).GetList`, `(*store).GetList`, `GetList`. The
 * package goes first, because the function is what readers look for.
 */
export function shorterNames(name: string): readonly string[] {
  const short = shortFuncName(name)
  const bracket = short.search(/[[(]/)
  const dot = short.indexOf('.')
  if (dot === -1 || (bracket !== -1 && bracket < dot)) return [short]
  const own = short.slice(dot + 1)
  const receiver = /^\(?\*?[\w[\].·]+\)?\.(?=[A-Za-z_])/.exec(own)?.[0] ?? ''
  const method = own.slice(receiver.length)
  return receiver === '' || method === '' ? [short, own] : [short, own, method]
}

const ELLIPSIS = '…'
const LETTERS_MIN = 3

/** The longest of the names that fits, cut at its end where none does; `''` where there is no room. */
export function fitLabel(names: readonly string[], roomPx: number, measure: MeasureText): string {
  let lastPx = 0
  for (const name of names) {
    lastPx = measure(name)
    if (lastPx <= roomPx) return name
  }
  const last = names.at(-1) ?? ''
  const cutPx = roomPx - measure(ELLIPSIS)
  const perLetter = lastPx / Math.max(last.length, 1)
  let length = Math.min(Math.floor(roomPx / perLetter), last.length - 1)
  while (length >= LETTERS_MIN && measure(last.slice(0, length)) > cutPx) length--
  return length < LETTERS_MIN ? '' : last.slice(0, length) + ELLIPSIS
}
