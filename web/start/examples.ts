/** A capture of `examples/` that a newcomer can open with a click. */
export interface Example {
  readonly id: string
  readonly component: string
  /** The first is the one to open. */
  readonly files: readonly string[]
  readonly title: Readonly<Record<'en' | 'zh', string>>
  readonly text: Readonly<Record<'en' | 'zh', string>>
}

const indexes = import.meta.glob<readonly Example[]>('../../examples/index.json', {
  eager: true,
  import: 'default',
})
const urls = import.meta.glob<string>('../../examples/*/*.pb.gz', {
  eager: true,
  import: 'default',
  query: '?url',
})

export const EXAMPLES: readonly Example[] = Object.values(indexes).flat()

/** The built address of an example's file. */
export function exampleUrl(example: Example, file: string): string {
  const url = urls[`../../examples/${example.id}/${file}`]
  if (url === undefined) throw new Error(`examples/index.json names ${file}, which is not there`)
  return url
}
