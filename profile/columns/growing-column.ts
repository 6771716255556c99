interface Column<T> {
  readonly length: number
  set(rows: T): void
}

/** A column twice as long with the same first rows: for columns whose length is known only at the end. */
export function doubled<T extends Column<T>>(column: T, create: (length: number) => T): T {
  const longer = create(column.length * 2)
  longer.set(column)
  return longer
}

export const int32 = (length: number) => new Int32Array(length)
export const uint32 = (length: number) => new Uint32Array(length)
export const uint8 = (length: number) => new Uint8Array(length)
