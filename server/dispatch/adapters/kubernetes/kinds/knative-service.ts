import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import { at, isObserved, type KubeObject, listAt, nested, textAt } from '../object.ts'
import { unseen } from './effects.ts'
import { aboveCeiling, effectOfRollout } from './floors.ts'
import { patchRules } from './scales.ts'

const resource = { group: 'serving.knative.dev', versions: ['v1'], plural: 'services' } as const

const annotations = ['spec', 'template', 'metadata', 'annotations']
const least = 'autoscaling.knative.dev/min-scale'
const most = 'autoscaling.knative.dev/max-scale'

/**
 * The warm instances of a Knative Service: the annotation `autoscaling.knative.dev/min-scale` of its template. That is the one
 * documented place; it is part of the spec, so that it raises the generation, and it makes a new Revision. Ready: ready pods
 * of the Revision that serves, up to the floor, once the traffic has moved to it.
 */
export const knativeService = defineKind(kubernetesRefs.KnativeService, {
  kind: 'KnativeService',
  apiKind: 'Service',
  resource,
  rules: [...patchRules(resource), { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }],
  bind: ({ namespace, name }) => {
    const desired = (object: unknown) => annotated(object, least) ?? 0
    return {
      field: [...annotations, least],
      desired,
      effect: (object, objects) =>
        effectOfRollout(objects, namespace, {
          labelSelector: `serving.knative.dev/service=${name}`,
          revision: textAt(object, ['status', 'latestReadyRevisionName']),
          awaits: rollout(object),
          floor: desired(object),
        }),
      write: (object, { replicas }) =>
        // Zero means that there is no ceiling.
        aboveCeiling(replicas, annotated(object, most) || null, most) ?? {
          patch: { spec: nested([...annotations.slice(1), least], String(replicas)) },
        },
      claims: withoutEffect,
      raw: (object) => ({
        maxScale: annotated(object, most),
        revision: textAt(object, ['status', 'latestReadyRevisionName']),
      }),
    }
  },
})

function annotated(object: unknown, name: string): number | null {
  const value = textAt(object, [...annotations, name])
  return value !== null && /^\d+$/.test(value) ? Number(value) : null
}

function rollout(object: KubeObject): string | null {
  if (!isObserved(object, true)) return unseen
  const of = (which: string) => textAt(object, ['status', which])
  return of('latestReadyRevisionName') === of('latestCreatedRevisionName')
    ? null
    : 'the new Revision to serve'
}

/** Where a new Revision cannot be made, or would get no traffic. */
function withoutEffect(object: KubeObject): Claim[] {
  const claim = (note: string, advice: string): Claim => ({
    manager: { role: 'owner', name: 'the Service’s own spec', note },
    advice,
    handOverTo: null,
  })
  const named = textAt(object, ['spec', 'template', 'metadata', 'name'])
  const traffic = listAt(object, ['spec', 'traffic'])
  const pinned = traffic.length > 0 && !traffic.some((each) => at(each, ['latestRevision']) === true)
  return [
    ...(named === null
      ? []
      : [
          claim(
            `names its Revision ${named}`,
            'A new minimum scale makes a new Revision. Leave spec.template.metadata.name out, so that Knative can name it.',
          ),
        ]),
    ...(pinned
      ? [
          claim(
            'traffic is pinned',
            'All traffic is pinned to named Revisions, so that a new one would serve nobody. Let spec.traffic follow latestRevision.',
          ),
        ]
      : []),
  ]
}
