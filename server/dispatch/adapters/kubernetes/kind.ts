import type { z } from 'zod'
import type { Control } from '../../../plan/contract.ts'
import {
  type KubernetesKind,
  kindControls,
  kubernetesRef,
  kubernetesUnit,
  type Manager,
  type SetPoint,
} from '../../contract.ts'
import type { KubeObject } from './object.ts'
import type { Objects, Place, Resource } from './objects.ts'

/** What a role must allow for a kind, as a rule of RBAC says it. */
export type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] }

/** What a set-point becomes: a number for the scale subresource, a merge patch, or words that say why it cannot be written. */
export type Write = { scale: number } | { patch: Patch } | { refuse: string }
export type Patch = { spec: Record<string, unknown>; annotations?: Record<string, string> }

/** Something that decides the field beside us, and what to do about it. `handOverTo`: the reference to map instead. */
export type Claim = { manager: Manager; advice: string; handOverTo: Record<string, string> | null }

/**
 * How much of what an object is asked for has taken effect. `awaits`: what has to happen before that number speaks of what it is asked
 * for now, such as its controller seeing the change; null where it does.
 */
export type Effect = { ready: number; awaits: string | null }

/** One object of a kind, as the adapter needs it. */
export type BoundKind = {
  label: string
  place: Place
  controls: readonly [Control, ...Control[]]
  /** What the number is called where a person reads it. */
  unit(control: Control): string
  /** Path of the field that is written; what else manages that very field is shown. */
  field: readonly string[]
  /** What the object is asked for, in the unit of the control. @throws InvalidInputError where it cannot be asked at all */
  desired(object: KubeObject): number
  effect(object: KubeObject, objects: Objects): Effect | Promise<Effect>
  write(object: KubeObject, setPoint: SetPoint): Write
  /** Whether autoscalers may have the object as their target: it is then looked for among theirs. */
  scalable?: boolean
  /** Its number is read from its scale, and stands at `spec.replicas` of the object that the others are given. */
  readByScale?: boolean
  /** What decides the field by the kind's own rules. */
  claims?(object: KubeObject): Claim[]
  /** A state of the object in which it is asked for something else without its spec having changed. */
  phase?(object: KubeObject): string
  /** Facts for the receipt beside what every kind has. */
  raw?(object: KubeObject): Record<string, string | number | boolean | null>
}

/** One kind of target; a new one is a file beside these and a line in `kinds/index.ts`. */
export type TargetKind = {
  kind: KubernetesKind
  /** What the API calls it. */
  apiKind: string
  resource: Resource | null
  namespaced: boolean
  /** What the connection's user must be allowed, and nothing more. */
  rules(ref: unknown): Rule[]
  bind(ref: unknown): BoundKind
  /** References to an object that was found; empty where it cannot be a target. */
  discover(object: KubeObject): { [field: string]: string | undefined }[]
}

type AnyRef = z.ZodType<{ kind: KubernetesKind; name: string; namespace?: string }>

/** `resource`: null where the reference says which (then `bind` gives it). */
type Parts<Ref extends AnyRef> = {
  kind: z.output<Ref>['kind']
  apiKind?: string
  resource: Resource | null
  namespaced?: boolean
  rules: Rule[] | ((ref: z.output<Ref>) => Rule[])
  bind(ref: z.output<Ref>): Omit<BoundKind, 'label' | 'place' | 'controls' | 'unit'> & { resource?: Resource }
  discover?(object: KubeObject): z.output<Ref>[]
}

export function defineKind<Ref extends AnyRef>(schema: Ref, parts: Parts<Ref>): TargetKind {
  const { kind, namespaced = true } = parts
  return {
    kind,
    apiKind: parts.apiKind ?? kind,
    resource: parts.resource,
    namespaced,
    rules: (raw) => (typeof parts.rules === 'function' ? parts.rules(schema.parse(raw)) : parts.rules),
    bind: (raw) => {
      const ref = schema.parse(raw)
      const { resource = parts.resource, ...bound } = parts.bind(ref)
      if (resource === null) throw new Error(`The kind ${kind} names no resource.`)
      return {
        ...bound,
        controls: kindControls[kind],
        unit: (control) => kubernetesUnit(kubernetesRef.parse(raw), control),
        label: labelOf(ref),
        place: { resource, namespace: ref.namespace || null, name: ref.name },
      }
    },
    discover: (object) => {
      if (parts.discover) return parts.discover(object)
      const { name, namespace } = object.metadata
      return namespace === undefined ? [] : [{ kind, namespace, name }]
    },
  }
}

/** Name of a target for people, e.g. `models/Deployment/chat`. */
export function labelOf({
  namespace,
  kind,
  name,
}: {
  kind: string
  name: string
  namespace?: string
}): string {
  return [namespace, kind, name].filter(Boolean).join('/')
}
