import { z } from 'zod'
import { UnavailableError } from '../../../kernel/errors.ts'

const owner = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  controller: z.boolean().optional(),
})
const managed = z.looseObject({
  manager: z.string().default('unknown'),
  operation: z.string().default('Update'),
  subresource: z.string().optional(),
  time: z.string().optional(),
  fieldsV1: z.unknown(),
})

/** What any object of Kubernetes has; the rest is read by path. */
const kubeObject = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().min(1),
    resourceVersion: z.string().min(1),
    generation: z.number().int().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(owner).default([]),
    managedFields: z.array(managed).default([]),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z.record(z.string(), z.unknown()).default({}),
})
export type KubeObject = z.infer<typeof kubeObject>

/** @throws UnavailableError if it is no object with uid and resourceVersion */
export function readObject(answer: unknown): KubeObject {
  const parsed = kubeObject.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new UnavailableError('The API server answered with something that has no uid or resourceVersion.')
}

/** What stands at a path; undefined where nothing does. */
export function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    object,
  )
}

/** A whole number at a path; null where there is none. */
export function countAt(object: unknown, path: readonly string[]): number | null {
  const value = at(object, path)
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}

export function textAt(object: unknown, path: readonly string[]): string | null {
  const value = at(object, path)
  return typeof value === 'string' ? value : null
}

export function listAt(object: unknown, path: readonly string[]): unknown[] {
  const value = at(object, path)
  return Array.isArray(value) ? value : []
}

/** Whether a condition of the status says True. */
export function isTrue(object: KubeObject, condition: string): boolean {
  const conditions = listAt(object, ['status', 'conditions'])
  return conditions.some(
    (each) => textAt(each, ['type']) === condition && textAt(each, ['status']) === 'True',
  )
}

/**
 * Whether the status of an object is about its spec as it stands. `always`: its controller says which generation it saw, so that
 * nothing said is nothing seen; other kinds are believed until they name an older one. Argo writes the number as text.
 */
export function isObserved({ metadata, status }: KubeObject, always = false): boolean {
  return reaches(status.observedGeneration, metadata.generation, always)
}

/** The same of one condition; one that is not there has seen nothing. */
export function isTrueNow(object: KubeObject, condition: string): boolean {
  return listAt(object, ['status', 'conditions']).some(
    (each) =>
      textAt(each, ['type']) === condition &&
      textAt(each, ['status']) === 'True' &&
      reaches(at(each, ['observedGeneration']), object.metadata.generation, false),
  )
}

function reaches(observed: unknown, generation: number | undefined, always: boolean): boolean {
  if (generation === undefined) return true
  const seen = /^\d+$/.test(String(observed)) ? Number(observed) : null
  return seen === null ? !always : seen >= generation
}

/** A body that sets one field. */
export function nested(path: readonly string[], value: unknown): Record<string, unknown> {
  const [first, ...rest] = path
  if (first === undefined) return {}
  return { [first]: rest.length === 0 ? value : nested(rest, value) }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
