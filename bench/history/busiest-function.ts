import { openView, type Profile, topView } from '../../profile/index.ts'

/** The name of the function that has the most of its own, of the last sample type. */
export function busiestFunction(repaired: Profile): string {
  const view = openView(repaired, {
    sampleTypeIndex: repaired.sampleTypes.length - 1,
    granularity: 'functions',
    hasInlines: true,
  })
  const [first] = topView(view.tree, {
    sort: 'flat',
    rowsMax: 1,
    rowsSkipped: 0,
    totalValue: 1,
  }).rows
  return first?.name ?? ''
}
