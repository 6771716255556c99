interface Column<T> {
  readonly length: number
  set(rows: T): void
}

/** From this length on a column's memory comes from the system as it is written to, and what is not takes none. */
const LARGE_LENGTH = 2 ** 15

/**
 * A longer column with the same first rows: for columns whose length is known only at the end. A large one becomes four
 * times as long, so that what is left behind at each step adds up to less.
 */
export function grown<T extends Column<T>>(column: T, create: (length: number) => T): T {
  const { length } = column
  const longer = create(length < LARGE_LENGTH ? length * 2 : length * 4)
  longer.set(column)
  return longer
}

/**
 * Frees the memory of a large column now rather than when the engine next collects it. The caller must not read the
 * column afterwards or share its buffer.
 */
export function release({ buffer, byteLength }: Uint8Array | Int32Array | Uint32Array): void {
  const isWhole = buffer instanceof ArrayBuffer && byteLength > buffer.byteLength / 2
  if (isWhole && byteLength >= LARGE_LENGTH) buffer.transfer(0)
}

export const int32 = (length: number) => new Int32Array(length)
export const uint32 = (length: number) => new Uint32Array(length)
export const uint8 = (length: number) => new Uint8Array(length)
export const float64 = (length: number) => new Float64Array(length)
export const int64 = (length: number) => new BigInt64Array(length)
