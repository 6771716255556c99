import type { GoLikeFunc, GoLikeLocation } from './go-like-funcs.ts'

/** Each sample carries a label, as `pprof.Do` sets them around a request. */
const HANDLER_COUNT = 40
const CHUNK_BYTES = 1024 * 1024

export interface GoLikeSample {
  /** Root first. */
  readonly stack: readonly GoLikeLocation[]
  readonly value: number
}

/**
 * Writes profile.proto by hand, piece by piece, so that what is measured has no part in making its input. Field numbers
 * are those of https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function* encodeGoLike(
  funcs: readonly GoLikeFunc[],
  samples: Iterable<GoLikeSample>,
  periodNs: number,
): Generator<Uint8Array> {
  const strings = new Map([['', 0]])
  const text = (value: string) => {
    const known = strings.get(value)
    if (known !== undefined) return known
    strings.set(value, strings.size)
    return strings.size - 1
  }
  const handlers = Array.from({ length: HANDLER_COUNT }, (_, index) => text(`handler-${index}`))
  const handlerKey = text('handler')
  const out = new ProtoWriter()
  out.message(1, (type) => type.number(1, text('samples')).number(2, text('count')))
  out.message(1, (type) => type.number(1, text('cpu')).number(2, text('nanoseconds')))
  let sample = 0
  for (const { stack, value } of samples) {
    const ids = stack.map((location) => location.id).reverse()
    const handler = handlers[sample++ % HANDLER_COUNT] ?? 0
    out.message(2, (row) =>
      row
        .packed(1, ids)
        .packed(2, [value, value * periodNs])
        .message(3, (label) => label.number(1, handlerKey).number(2, handler)),
    )
    if (out.length >= CHUNK_BYTES) yield out.take()
  }
  writeTables(out, funcs, text)
  out.number(10, 30_000_000_000)
  out.message(11, (type) => type.number(1, text('cpu')).number(2, text('nanoseconds')))
  out.number(12, periodNs)
  for (const value of strings.keys()) out.bytes(6, new TextEncoder().encode(value))
  yield out.take()
}

function writeTables(
  out: ProtoWriter,
  funcs: readonly GoLikeFunc[],
  text: (value: string) => number,
): void {
  out.message(3, (mapping) =>
    mapping
      .number(1, 1)
      .number(2, 0x400000)
      .number(3, 0x4000000)
      .number(5, text('/usr/local/bin/kube-apiserver'))
      .number(7, 1),
  )
  for (const { id, address, lines } of funcs.flatMap((func) => func.locations)) {
    out.message(4, (location) => {
      location.number(1, id).number(2, 1).number(3, address)
      for (const { func, line } of lines) {
        location.message(4, (row) => row.number(1, func + 1).number(2, line))
      }
    })
  }
  for (const [index, { name, file, startLine }] of funcs.entries()) {
    out.message(5, (func) =>
      func
        .number(1, index + 1)
        .number(2, text(name))
        .number(3, text(name))
        .number(4, text(file))
        .number(5, startLine),
    )
  }
}

/** Knows the two wire types that profile.proto needs. */
class ProtoWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  number(field: number, value: number): this {
    this.#varint(field * 8)
    this.#varint(value)
    return this
  }

  bytes(field: number, bytes: Uint8Array): this {
    this.#varint(field * 8 + 2)
    this.#varint(bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  packed(field: number, values: readonly number[]): this {
    const inner = new ProtoWriter()
    for (const value of values) inner.#varint(value)
    return this.bytes(field, inner.take())
  }

  message(field: number, write: (inner: ProtoWriter) => void): this {
    const inner = new ProtoWriter()
    write(inner)
    return this.bytes(field, inner.take())
  }

  /** What was written since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  #varint(value: number): void {
    this.#reserve(10)
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array((this.#length + count) * 2)
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
