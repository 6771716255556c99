import { areKnownComponents, isForComponent } from '../facts/component.ts'
import type { Subject } from '../prepare/subject.ts'

/**
 * Whether a rule for these components looks at the profile. Where the component is unknown, a rule for components of
 * Kubernetes, etcd or containerd asks for a function of their code: what they share with any program, as gzip or bbolt,
 * is no proof.
 */
export function isForSubject(
  components: readonly string[],
  { component, mayBeComponent }: Pick<Subject, 'component' | 'mayBeComponent'>,
): boolean {
  return (
    isForComponent(components, component) && (mayBeComponent || !areKnownComponents(components))
  )
}
