import { InvalidInputError } from '../../../../kernel/errors.ts'
import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { at, isRecord, type KubeObject, listAt, textAt } from '../object.ts'
import { times, timesIn, whyNotCounted } from '../quantity.ts'
import { underCeiling } from './effects.ts'
import { patchRules } from './scales.ts'

const resource = {
  group: 'kueue.x-k8s.io',
  versions: ['v1beta2', 'v1beta1'],
  plural: 'clusterqueues',
} as const

const groups = ['spec', 'resourceGroups']

/**
 * How much training may run: `nominalQuota` of one resource of one flavor of a Kueue ClusterQueue, counted in replicas. It is a
 * ceiling; jobs start when they fit in. Ready: in force (condition Active), with no more of its own in use than it allows.
 */
export const clusterQueue = defineKind(kubernetesRefs.ClusterQueue, {
  kind: 'ClusterQueue',
  resource,
  namespaced: false,
  rules: patchRules(resource),
  bind: ({ name, flavor, resource: limited, perReplica }) => {
    const quotaOf = (object: KubeObject) =>
      quotasIn(object).find((each) => each.flavor === flavor && each.resource === limited)?.nominalQuota
    const desired = (object: KubeObject): number => {
      const replicas = timesIn(quotaOf(object), perReplica)
      if (replicas !== null) return replicas
      throw new InvalidInputError(
        `The ClusterQueue "${name}" has no quota of ${limited} of the flavor "${flavor}", so that there is nothing to move.`,
      )
    }
    /** What it lends from others of its cohort is not under its own quota. */
    const inUse = (object: KubeObject): number => {
      const usage = listAt(object, ['status', 'flavorsUsage'])
        .filter((each) => textAt(each, ['name']) === flavor)
        .flatMap((each) => listAt(each, ['resources']))
        .find((each) => textAt(each, ['name']) === limited)
      const total = timesIn(at(usage, ['total']) ?? 0, perReplica) ?? 0
      return total - (timesIn(at(usage, ['borrowed']) ?? 0, perReplica) ?? 0)
    }
    return {
      field: groups,
      desired,
      effect: (object) => underCeiling(object, 'Active', desired(object), inUse(object)),
      // A merge patch replaces lists whole; the precondition on the resourceVersion keeps what others wrote into it.
      write: (object, { replicas }) => {
        const refuse = whyNotCounted(quotaOf(object), perReplica)
        if (refuse !== null) return { refuse }
        const resourceGroups = listAt(object, groups).map((group) =>
          withQuota(group, flavor, limited, times(perReplica, replicas)),
        )
        return { patch: { spec: { resourceGroups } } }
      },
      raw: (object) => ({
        inUse: inUse(object),
        cohort: textAt(object, ['spec', 'cohortName']) ?? textAt(object, ['spec', 'cohort']),
      }),
    }
  },
  discover: (object) =>
    quotasIn(object).map(({ flavor, resource: limited }) => ({
      kind: 'ClusterQueue',
      name: object.metadata.name,
      flavor,
      resource: limited,
      perReplica: '1',
    })),
})

function quotasIn(object: KubeObject) {
  return listAt(object, groups)
    .flatMap((group) => listAt(group, ['flavors']))
    .flatMap((flavor) =>
      listAt(flavor, ['resources']).map((each) => ({
        flavor: textAt(flavor, ['name']) ?? '',
        resource: textAt(each, ['name']) ?? '',
        nominalQuota: at(each, ['nominalQuota']),
      })),
    )
}

function withQuota(group: unknown, flavor: string, limited: string, nominalQuota: string): unknown {
  if (!isRecord(group)) return group
  const flavors = listAt(group, ['flavors']).map((each) => {
    if (!isRecord(each) || each.name !== flavor) return each
    const resources = listAt(each, ['resources']).map((one) =>
      isRecord(one) && one.name === limited ? { ...one, nominalQuota } : one,
    )
    return { ...each, resources }
  })
  return { ...group, flavors }
}
