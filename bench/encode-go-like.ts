import type { GoLikeFunc, GoLikeLocation } from './go-like-funcs.ts'

/** Each sample carries a label, as `pprof.Do` sets them around a request. */
const HANDLER_COUNT = 40

/**
 * Writes profile.proto by hand, so that what is measured has no part in making its input. Field numbers are those of
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export function encodeGoLike(
  funcs: readonly GoLikeFunc[],
  stacks: readonly (readonly GoLikeLocation[])[],
  values: readonly number[],
  periodNs: number,
): Uint8Array {
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
  for (const [sample, stack] of stacks.entries()) {
    const ids = stack.map((location) => location.id).reverse()
    out.message(2, (row) =>
      row
        .packed(1, ids)
        .packed(2, [values[sample], values[sample] * periodNs])
        .message(3, (label) =>
          label.number(1, handlerKey).number(2, handlers[sample % HANDLER_COUNT]),
        ),
    )
  }
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
  out.number(10, 30_000_000_000)
  out.message(11, (type) => type.number(1, text('cpu')).number(2, text('nanoseconds')))
  out.number(12, periodNs)
  for (const value of strings.keys()) out.bytes(6, new TextEncoder().encode(value))
  return out.finish()
}

/** Knows the two wire types that profile.proto needs. */
class ProtoWriter {
  #bytes = new Uint8Array(256)
  #length = 0

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
    return this.bytes(field, inner.finish())
  }

  message(field: number, write: (inner: ProtoWriter) => void): this {
    const inner = new ProtoWriter()
    write(inner)
    return this.bytes(field, inner.finish())
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
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
