import { createHash } from 'node:crypto'
import type { BoundKind, Patch } from './kind.ts'
import type { KubeObject } from './object.ts'
import { holdersOf } from './ownership.ts'

/** The last write of ours at an object of a kind without generation, so that no later state equals the one before it. */
const lastDispatch = 'infrasage.dev/dispatch'

/**
 * What changes when, and only when, what the object is asked for changes. The API server raises the generation with every
 * change of a spec and with nothing else; a phase is added where an object ends by itself. Kinds without generation have
 * the digest of their spec, of who last wrote the field and when, and of the last dispatch of ours: a value that is set back is
 * another version.
 */
export function versionOf(object: KubeObject, { field, phase }: Pick<BoundKind, 'field' | 'phase'>): string {
  const { uid, generation, annotations } = object.metadata
  if (generation !== undefined) return [uid, generation, phase?.(object)].filter(Boolean).join(':')
  const parts = [object.spec, holdersOf(object, field), annotations[lastDispatch] ?? null]
  return `${uid}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`
}

/** A merge patch that is taken only if the object is still the one that was read. */
export function conditional(
  { spec, annotations = {} }: Patch,
  { resourceVersion, generation }: KubeObject['metadata'],
  dispatchId: string,
): Record<string, unknown> {
  const marks = { ...annotations, ...(generation === undefined ? { [lastDispatch]: dispatchId } : {}) }
  const metadata =
    Object.keys(marks).length > 0 ? { resourceVersion, annotations: marks } : { resourceVersion }
  return { spec, metadata }
}
