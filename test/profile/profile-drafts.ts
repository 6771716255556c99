import { join } from 'node:path'
import * as fc from 'fast-check'
import { load } from 'protobufjs'
import { NONE, type Profile, ProfileBuilder } from '../../profile/index.ts'

/** A profile as plain lists, from which the builder and protobufjs make the same profile. */
export interface ProfileDraft {
  readonly types: readonly (readonly [string, string])[]
  readonly mappings: readonly { readonly file: string; readonly start: bigint }[]
  readonly funcs: readonly { readonly name: string; readonly file: string }[]
  readonly locations: readonly {
    readonly mapping: number
    readonly address: bigint
    /** Innermost first, as in the file. */
    readonly lines: readonly { readonly func: number; readonly line: number }[]
  }[]
  readonly samples: readonly {
    /** Leaf first, as in the file. */
    readonly locations: readonly number[]
    readonly values: readonly bigint[]
    readonly labels: readonly {
      readonly key: string
      readonly text: string
      readonly number: bigint
    }[]
  }[]
  readonly timeNs: bigint
  readonly comments: readonly string[]
}

const text = fc.oneof(
  fc.constantFrom('main.main', '__proto__', '<img onerror=1>', 'é', '=1+1', ''),
  fc.string({ maxLength: 8 }),
)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const value = fc.oneof({ weight: 5, arbitrary: fc.bigInt({ min: -9n, max: 1000n }) }, int64)

export const profileDrafts: fc.Arbitrary<ProfileDraft> = fc
  .record({
    typeCount: fc.nat(3),
    mappingCount: fc.nat(2),
    funcCount: fc.nat(4),
    placeCount: fc.nat(5),
  })
  .chain(({ typeCount, mappingCount, funcCount, placeCount }) =>
    fc.record({
      types: fc.array(fc.tuple(text, text), { minLength: typeCount, maxLength: typeCount }),
      mappings: fc.array(
        fc.record({ file: text, start: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
        { minLength: mappingCount, maxLength: mappingCount },
      ),
      funcs: fc.uniqueArray(fc.record({ name: text, file: text }), {
        minLength: funcCount,
        maxLength: funcCount,
        selector: ({ name, file }) => `${name}\n${file}`,
      }),
      locations: fc
        .array(
          fc.record({
            mapping: fc.integer({ min: NONE, max: mappingCount - 1 }),
            lines:
              funcCount === 0
                ? fc.constant([])
                : fc.array(fc.record({ func: fc.nat(funcCount - 1), line: fc.nat(100) }), {
                    maxLength: 3,
                  }),
          }),
          { minLength: placeCount, maxLength: placeCount },
        )
        // Each at its own address, so that no two are equal.
        .map((places) => places.map((place, row) => ({ ...place, address: BigInt(row) << 40n }))),
      samples:
        typeCount === 0
          ? fc.constant([])
          : fc.array(
              fc.record({
                locations: placeCount === 0 ? fc.constant([]) : fc.array(fc.nat(placeCount - 1)),
                values: fc.array(value, { minLength: typeCount, maxLength: typeCount }),
                labels: fc.array(fc.record({ key: text, text, number: int64 }), { maxLength: 2 }),
              }),
              { maxLength: 6 },
            ),
      timeNs: int64,
      comments: fc.array(text, { maxLength: 2 }),
    }),
  )

export function buildProfile(draft: ProfileDraft): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: draft.types.map(([type, unit]) => ({ type, unit })),
    timeNs: draft.timeNs,
    comments: draft.comments,
  })
  for (const mapping of draft.mappings) builder.mapping(mapping)
  for (const func of draft.funcs) builder.func(func)
  for (const { lines, ...place } of draft.locations) {
    builder.location({ ...place, lines: lines.toReversed() })
  }
  for (const { locations, values, labels } of draft.samples) {
    builder.sample({
      locations: locations.toReversed(),
      values,
      labels: labels.map((label) =>
        label.text === ''
          ? { key: label.key, number: label.number }
          : { key: label.key, text: label.text },
      ),
    })
  }
  return builder.finish()
}

const root = await load(join(import.meta.dirname, '../../proto/profile.proto'))
export const ProfileMessage = root.lookupType('perftools.profiles.Profile')

/** The same profile written by protobufjs, with these ids, and tables in the order of the ids. */
export function encodeWithProtobufjs(
  draft: ProfileDraft,
  idOf: (row: number) => bigint,
): Uint8Array {
  const strings = ['']
  const string = (value: string) => {
    const known = strings.indexOf(value)
    return known === -1 ? strings.push(value) - 1 : known
  }
  const id = (row: number) => long(idOf(row))
  const inOrder = <T>(rows: readonly T[]) =>
    rows
      .map((entry, row) => ({ entry, id: idOf(row) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ entry }) => entry)
  const message = {
    sampleType: draft.types.map(([type, unit]) => ({ type: string(type), unit: string(unit) })),
    sample: draft.samples.map(({ locations, values, labels }) => ({
      locationId: locations.map(id),
      value: values.map(long),
      label: labels.map((label) =>
        label.text === ''
          ? { key: string(label.key), num: long(label.number) }
          : { key: string(label.key), str: string(label.text) },
      ),
    })),
    mapping: inOrder(
      draft.mappings.map(({ file, start }, row) => ({
        id: id(row),
        memoryStart: long(start),
        filename: string(file),
      })),
    ),
    location: inOrder(
      draft.locations.map(({ mapping, address, lines }, row) => ({
        id: id(row),
        mappingId: mapping === NONE ? 0 : id(mapping),
        address: long(address),
        line: lines.map(({ func, line }) => ({ functionId: id(func), line })),
      })),
    ),
    function: inOrder(
      draft.funcs.map(({ name, file }, row) => ({
        id: id(row),
        name: string(name),
        systemName: string(name),
        filename: string(file),
      })),
    ),
    timeNanos: long(draft.timeNs),
    comment: draft.comments.map(string),
    stringTable: strings,
  }
  return ProfileMessage.encode(ProfileMessage.create(message)).finish()
}

/** As protobufjs takes 64 bits without the package `long`. */
function long(value: bigint): { low: number; high: number; unsigned: boolean } {
  const bits = BigInt.asUintN(64, value)
  return { low: Number(bits & 0xffffffffn) | 0, high: Number(bits >> 32n) | 0, unsigned: false }
}

/** A profile without row numbers: what it says, sample by sample. */
export function contentOf(profile: Profile) {
  const { strings, samples, stacks, frames, funcs, locations, mappings, labelSets } = profile
  const frameText = (frame: number) => {
    const func = frames.func[frame]
    const location = frames.location[frame]
    const mapping = locations.mapping[location]
    return [
      func === NONE ? null : [strings[funcs.name[func]], strings[funcs.file[func]]],
      frames.line[frame],
      locations.address[location],
      mapping === NONE ? null : [strings[mappings.file[mapping]], mappings.start[mapping]],
    ]
  }
  return {
    types: profile.sampleTypes,
    timeNs: profile.timeNs,
    comments: profile.comments,
    counts: [mappings.length, funcs.length, locations.length],
    samples: Array.from({ length: samples.length }, (_, sample) => {
      const path: unknown[] = []
      for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
        path.push(frameText(stacks.frame[stack]))
      }
      const set = samples.labelSet[sample]
      const labels: unknown[] = []
      for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
        const value =
          labelSets.text[label] === NONE ? labelSets.number[label] : strings[labelSets.text[label]]
        labels.push([strings[labelSets.key[label]], value])
      }
      return { path, labels, values: samples.values.map((column) => BigInt(column[sample])) }
    }),
  }
}
