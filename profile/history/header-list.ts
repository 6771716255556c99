import type { BlockHeader } from './block.ts'

/** Headers, equal ones once. */
export class HeaderList {
  readonly list: BlockHeader[] = []
  readonly #rowOfKey = new Map<string, number>()
  readonly #rowOf = new Map<BlockHeader, number>()

  rowOf(header: BlockHeader): number {
    const known = this.#rowOf.get(header)
    if (known !== undefined) return known
    const key = JSON.stringify({ ...header, period: header.period.toString() })
    const row = this.#rowOfKey.get(key) ?? this.list.push(header) - 1
    this.#rowOfKey.set(key, row)
    this.#rowOf.set(header, row)
    return row
  }
}
