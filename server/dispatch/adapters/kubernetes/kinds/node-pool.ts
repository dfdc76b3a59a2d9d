import { InvalidInputError } from '../../../../kernel/errors.ts'
import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import { at, isRecord, type KubeObject } from '../object.ts'
import { times, timesIn, whyNotCounted } from '../quantity.ts'
import { underCeiling } from './effects.ts'
import { patchRules } from './scales.ts'

const resource = { group: 'karpenter.sh', versions: ['v1'], plural: 'nodepools' } as const

/**
 * How large a node pool of Karpenter may become: `spec.limits` of one resource, counted in nodes. It is a ceiling; nodes come when
 * pods ask for them and go when they are empty. Ready: in force (condition Ready), with no more provisioned than it allows.
 */
export const nodePool = defineKind(kubernetesRefs.NodePool, {
  kind: 'NodePool',
  resource,
  namespaced: false,
  rules: patchRules(resource),
  bind: ({ name, resource: limited, perNode }) => {
    const desired = (object: KubeObject): number => {
      const nodes = timesIn(at(object, ['spec', 'limits', limited]), perNode)
      if (nodes !== null) return nodes
      throw new InvalidInputError(
        `The NodePool "${name}" has no limit on ${limited}, so that there is nothing to move. Give it one under spec.limits.`,
      )
    }
    const inUse = (object: KubeObject): number =>
      timesIn(at(object, ['status', 'resources', limited]), perNode) ?? 0
    return {
      field: ['spec', 'limits', limited],
      desired,
      effect: (object) => underCeiling(object, 'Ready', desired(object), inUse(object)),
      write: (object, { replicas }) => {
        const refuse = whyNotCounted(at(object, ['spec', 'limits', limited]), perNode)
        if (refuse !== null) return { refuse }
        return { patch: { spec: { limits: { [limited]: times(perNode, replicas) } } } }
      },
      claims: fixedSize,
      raw: (object) => ({
        limit: String(at(object, ['spec', 'limits', limited])),
        nodesInUse: inUse(object),
      }),
    }
  },
  discover: ({ metadata, spec, status }) => {
    const limits = isRecord(spec.limits) ? Object.keys(spec.limits) : []
    const provisioned = isRecord(status.resources) ? status.resources : {}
    return limits.map((limited) => {
      // What one of its nodes has now is the best guess of what the next one takes.
      const nodes = Number(provisioned.nodes ?? 0)
      const perOne = nodes > 0 ? timesIn(provisioned[limited], String(nodes)) : null
      return { kind: 'NodePool', name: metadata.name, resource: limited, perNode: String(perOne || 1) }
    })
  },
})

/** A NodePool with `spec.replicas` is held at that number; its limits move nothing. */
function fixedSize({ metadata, spec }: KubeObject): Claim[] {
  if (spec.replicas === undefined) return []
  const handOverTo = {
    ...{ kind: 'Scale', group: resource.group, version: 'v1', plural: resource.plural },
    ...{ namespace: '', name: metadata.name, ready: 'replicas' },
  }
  return [
    {
      manager: { role: 'owner', name: 'spec.replicas', note: 'a NodePool of fixed size' },
      advice: 'This NodePool is held at spec.replicas. Map its scale instead of its limits.',
      handOverTo,
    },
  ]
}
