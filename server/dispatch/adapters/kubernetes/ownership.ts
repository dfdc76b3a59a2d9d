import type { Manager, Ownership } from '../../contract.ts'
import type { Autoscaler, Autoscalers } from './autoscalers.ts'
import type { Claim } from './kind.ts'
import { at, isRecord, type KubeObject, textAt } from './object.ts'

/** Who keeps the manifest says with this annotation that a field may be written, although it stands in Git. */
export const mayWrite = 'infrasage.dev/may-write'

/** Controllers that write what a manifest says again and again, by the name they write under. */
const revertsBy: { manager: RegExp; tool: string; leaveOut: string }[] = [
  {
    manager: /^argocd/,
    tool: 'Argo CD',
    leaveOut: 'list it under ignoreDifferences with RespectIgnoreDifferences=true',
  },
  {
    manager: /^(kustomize-controller|helm-controller|gotk-)/,
    tool: 'Flux',
    leaveOut: 'have Flux leave it (kustomize.toolkit.fluxcd.io/ssa: Merge)',
  },
  {
    manager: /^(configsync|fleet|fleet-agent|fleetagent|kapp|kapp-controller|work-agent)$/,
    tool: 'A controller that applies manifests',
    leaveOut: 'leave the field out of the manifest',
  },
  {
    manager: /^capi-topology$/,
    tool: 'The managed topology of Cluster API',
    leaveOut: 'leave it out of spec.topology',
  },
]

const trackers: [annotationOrLabel: string, tool: string][] = [
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['meta.helm.sh/release-name', 'Helm'],
]

/** Owners that are targets themselves: what they own is theirs to size. */
const ownersToMap: Record<string, string> = {
  'keda.sh/ScaledObject': 'ScaledObject',
  'machinelearning.seldon.io/SeldonDeployment': 'SeldonDeployment',
  'mlops.seldon.io/Server': 'SeldonServer',
  'serving.knative.dev/Service': 'KnativeService',
  'serving.kserve.io/InferenceService': 'InferenceService',
}

/** Owners that leave the field of what they own alone. */
const harmlessOwners = new Set(['batch/CronJob'])

type Question = { object: KubeObject; field: readonly string[]; autoscalers: Autoscalers; claims: Claim[] }

/**
 * Who else manages the very field that would be written, and what follows. The strongest claim decides: an autoscaler or an
 * owner that can be mapped in its place is handed over to; what would be written back is refused, and so is what might be.
 */
export function ownershipOf({ object, field, autoscalers, claims }: Question): Ownership {
  const all = [
    ...autoscalers.found.map(claimOfAutoscaler),
    ...ownerClaims(object),
    ...claims,
    ...gitOpsClaims(object, field),
    ...autoscalers.unknown.map(claimOfUnknown),
  ]
  const managers = [...all.map(({ manager }) => manager), ...notes(object, field)]
  const first = all.find(({ handOverTo }) => handOverTo !== null) ?? all[0]
  if (first === undefined) return { verdict: 'free', managers, advice: null, handOverTo: null }
  const { advice, handOverTo } = first
  return { verdict: handOverTo === null ? 'refused' : 'hand-over', managers, advice, handOverTo }
}

function claimOfAutoscaler({ kind, namespace, name }: Autoscaler): Claim {
  return {
    manager: { role: 'autoscaler', name: `${kind} ${name}`, note: 'it has this object as its target' },
    advice: `The ${kind} "${name}" decides how many there are and would write them back. Map its floor instead: it is raised ahead of a surge, and the autoscaler goes on above it.`,
    handOverTo: { kind, namespace, name },
  }
}

/** An autoscaler that nobody may see would write the number back all the same. */
function claimOfUnknown(why: string): Claim {
  return {
    manager: { role: 'autoscaler', name: 'not known', note: why },
    advice: `Whether an autoscaler has it as its target is not known: ${why}. It can be read, and is written once that is known.`,
    handOverTo: null,
  }
}

function ownerClaims({ metadata }: KubeObject): Claim[] {
  return metadata.ownerReferences
    .filter(({ controller }) => controller === true)
    .map((owner) => ({ ...owner, id: `${owner.apiVersion.split('/')[0]}/${owner.kind}` }))
    .filter(({ id }) => !harmlessOwners.has(id))
    .map(({ id, kind, name }) => {
      const mapped = ownersToMap[id]
      const { namespace } = metadata
      return {
        manager: { role: 'owner' as const, name: `${kind} ${name}`, note: null },
        advice: `It belongs to the ${kind} "${name}", which writes it back. Map that one instead.`,
        handOverTo:
          mapped === undefined || namespace === undefined ? null : { kind: mapped, namespace, name },
      }
    })
}

function gitOpsClaims(object: KubeObject, field: readonly string[]): Claim[] {
  const { annotations } = object.metadata
  const path = field.join('.')
  if (allowed(annotations[mayWrite], field)) return []
  if (annotations['kustomize.toolkit.fluxcd.io/reconcile'] === 'disabled') return []
  const writers = object.metadata.managedFields.filter((entry) => owns(entry.fieldsV1, field))
  const claims = revertsBy.flatMap(({ manager, tool, leaveOut }) => {
    const writer = writers.find((each) => manager.test(each.manager))
    const applied = tool === 'Argo CD' && isTracked(object, tool) && lastApplied(object, field)
    return writer || applied ? [{ tool, leaveOut, by: writer?.manager ?? 'its last applied manifest' }] : []
  })
  return claims.map(({ tool, leaveOut, by }) => ({
    manager: { role: 'gitops', name: tool, note: `holds ${path}, by ${by}` },
    advice: `${tool} writes ${path} from its manifest and would write it back. Leave ${path} out of the manifest, or ${leaveOut} and annotate the object with ${mayWrite}: ${field.at(-1)}.`,
    handOverTo: null,
  }))
}

function allowed(annotation: string | undefined, field: readonly string[]): boolean {
  const names = annotation?.split(',').map((each) => each.trim()) ?? []
  return names.includes(field.at(-1) ?? '') || names.includes(field.join('.'))
}

function isTracked({ metadata }: KubeObject, by: string): boolean {
  return trackers.some(([key, tool]) => tool === by && trackedBy(metadata, key) !== undefined)
}

const trackedBy = ({ annotations, labels }: KubeObject['metadata'], key: string): string | undefined =>
  annotations[key] ?? labels[key]

function lastApplied({ metadata }: KubeObject, field: readonly string[]): boolean {
  const manifest = metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']
  if (manifest === undefined) return false
  try {
    return at(JSON.parse(manifest), field) !== undefined
  } catch {
    return false
  }
}

/** What else is known of the field and settles nothing: who wrote it last, and who keeps the object without this field. */
function notes(object: KubeObject, field: readonly string[]): Manager[] {
  const { metadata } = object
  const writers = metadata.managedFields
    .filter(({ manager, fieldsV1 }) => manager !== 'infrasage' && owns(fieldsV1, field))
    .map(
      ({ manager, operation, time }): Manager => ({
        role: 'writer',
        name: manager,
        note: [operation.toLowerCase(), time].filter(Boolean).join(' at '),
      }),
    )
  const keepers = trackers.flatMap(([key, tool]): Manager[] => {
    const value = trackedBy(metadata, key)
    if (value === undefined) return []
    const note = tool === 'Helm' ? `release ${value}; its next upgrade may write the field` : value
    return [{ role: 'gitops', name: tool, note }]
  })
  return [...writers, ...keepers]
}

/** Whether an entry of managedFields holds a path: down to it, or down to a list or map that is owned whole. */
export function owns(fieldsV1: unknown, field: readonly string[]): boolean {
  let level: unknown = fieldsV1
  for (const key of field) {
    if (!isRecord(level)) return false
    const next = level[`f:${key}`]
    if (next === undefined) return false
    if (isRecord(next) && Object.keys(next).length === 0) return true
    level = next
  }
  return true
}

/** When the holders of a path last changed anything of theirs: it tells a value from the same value set again. */
export function holdersOf({ metadata }: KubeObject, field: readonly string[]): string[] {
  return metadata.managedFields
    .filter(({ fieldsV1 }) => owns(fieldsV1, field))
    .map((entry) => [entry.manager, entry.operation, entry.time, textAt(entry, ['subresource'])].join(' '))
    .toSorted()
}
