import type { ProcessAddress } from '../../store/index.ts'
import { listPods, type ListNeeds } from './kube/kube-lists.ts'

const FLAG = /^-{1,2}v(?:=(\d+))?$/

/**
 * The log level that a control-plane component was started with, from the flags of its static pod, because a running
 * process does not expose it. Null where there is no such pod. Throws TARGET_FORBIDDEN and other TARGET_ errors.
 */
export async function readVerbosity(
  { component, instance, key }: ProcessAddress,
  needs: ListNeeds,
): Promise<number | null> {
  if (component === null) return null
  const pods = await listPods(needs, {
    namespace: 'kube-system',
    labelSelector: `component=${component}`,
  })
  const host = /\/\[?([^/\]]+?)\]?:\d+$/.exec(key)?.[1] ?? ''
  const pod = pods.find(({ nodeName, ip }) => nodeName === instance || ip === host)
  if (pod === undefined) return null
  const at = pod.args.findIndex((word) => FLAG.test(word))
  // The default of every component.
  if (at === -1) return 0
  const value = Number(FLAG.exec(pod.args[at] ?? '')?.[1] ?? pod.args[at + 1])
  return Number.isInteger(value) ? value : null
}
