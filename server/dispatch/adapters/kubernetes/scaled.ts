import { UnavailableError } from '../../../kernel/errors.ts'
import { statusOf } from './client.ts'
import { countAt, type KubeObject } from './object.ts'
import type { Objects, Place } from './objects.ts'

/** An object changes between two reads only now and then. */
const mostReads = 3
const replicas = ['spec', 'replicas']

/** `shown`: whether the kind shows its number at `spec.replicas` itself; otherwise nobody knows which field of its spec it is. */
export type Scaled = { object: KubeObject; shown: boolean }

/**
 * An object with the number of its scale at `spec.replicas`: where its kind keeps it, only the API server knows (`specReplicasPath`). Both are
 * of one moment. Who may not read the scale is told what the object itself says there.
 * @throws UnavailableError where it changes faster than it can be read, or its scale says no number
 */
export async function readScaled(objects: Objects, place: Place): Promise<Scaled> {
  for (let read = 0; read < mostReads; read++) {
    const object = await objects.read(place)
    const scale = await scaleOf(objects, place, object)
    if (scale === null) return { object, shown: true }
    if (scale.metadata.resourceVersion === object.metadata.resourceVersion) {
      const shown = countAt(object, replicas) === numberOf(scale)
      return { object: withNumber(object, scale), shown }
    }
  }
  throw new UnavailableError(`"${place.name}" changes faster than it and its scale can be read.`)
}

/** The same of an object that was read before, where its kind does not show its number: the scale may be a moment newer. */
export async function scaledAlready(objects: Objects, place: Place, object: KubeObject): Promise<KubeObject> {
  if (countAt(object, replicas) !== null) return object
  return withNumber(object, await objects.readScale(place))
}

async function scaleOf(objects: Objects, place: Place, object: KubeObject): Promise<KubeObject | null> {
  try {
    return await objects.readScale(place)
  } catch (error) {
    if (statusOf(error) === 403 && countAt(object, replicas) !== null) return null
    throw error
  }
}

/** The API server leaves a zero out. */
const numberOf = (scale: KubeObject): number => countAt(scale, replicas) ?? 0

function withNumber(object: KubeObject, scale: KubeObject): KubeObject {
  return { ...object, spec: { ...object.spec, replicas: numberOf(scale) } }
}
