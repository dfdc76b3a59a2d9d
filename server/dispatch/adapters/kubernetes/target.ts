import { ServiceError, UnavailableError } from '../../../kernel/errors.ts'
import { unitOf } from '../../../plan/contract.ts'
import type { ApplyOutcome, Observation, Ownership, SetPoint, TargetAdapter } from '../../contract.ts'
import { describe, type Failure, failureOfNetwork, failureOfStatus, observeError } from '../failure.ts'
import { type Autoscalers, autoscalersOf } from './autoscalers.ts'
import { type KubernetesClient, messageOf, retryAfterOf, statusOf } from './client.ts'
import type { BoundKind, Write } from './kind.ts'
import { at, countAt, type KubeObject, textAt } from './object.ts'
import { ownershipOf } from './ownership.ts'
import { readScaled } from './scaled.ts'
import { conditional, versionOf } from './version.ts'

/** An object as it was read, and whose it is. */
type Seen = { object: KubeObject; ownership: Ownership }
/** What was sent came back as this object; null where only its scale did. */
type Sent = { object: KubeObject | null; raw: Record<string, unknown> }

/** A target of any kind in a cluster: reads it, says whose it is, and writes its one field under the lock of that reading. */
export function kubernetesTarget(
  { objects }: Pick<KubernetesClient, 'objects'>,
  kind: BoundKind,
): TargetAdapter {
  const { place, label, controls } = kind
  let last: Seen | null = null

  async function look(): Promise<Seen> {
    return asServiceError(label, async () => {
      const { object, shown } = kind.readByScale
        ? await readScaled(objects, place)
        : { object: await objects.read(place), shown: true }
      // Whoever writes anything of the spec may write the number, where nobody knows which field it is.
      const field = shown ? kind.field : ['spec']
      const { namespace } = place
      const autoscalers: Autoscalers =
        kind.scalable && namespace !== null
          ? await autoscalersOf(objects, namespace, object)
          : { found: [], unknown: [] }
      const claims = kind.claims?.(object) ?? []
      last = { object, ownership: ownershipOf({ object, field, autoscalers, claims }) }
      return last
    })
  }

  async function observationOf({ object, ownership }: Seen): Promise<Observation> {
    const { uid, generation = null, resourceVersion } = object.metadata
    const desiredReplicas = kind.desired(object)
    const { ready: readyReplicas, awaits } = await asServiceError(label, async () =>
      kind.effect(object, objects),
    )
    return {
      desiredReplicas,
      readyReplicas,
      awaits,
      version: versionOf(object, kind),
      lock: resourceVersion,
      ownership,
      raw: {
        ...{ uid, generation, resourceVersion, replicas: desiredReplicas, readyReplicas },
        observedGeneration: countAt(object, ['status', 'observedGeneration']),
        ...(awaits === null ? {} : { awaits }),
        ...kind.raw?.(object),
      },
    }
  }

  /** What to send, and at what it was looked; a failure where nothing may be sent. Nothing has changed so far. */
  async function prepare(
    lock: string,
    setPoint: SetPoint,
  ): Promise<{ seen: Seen; write: Exclude<Write, { refuse: string }> } | Failure> {
    if (!controls.includes(setPoint.control)) return refused(uncontrolled(kind, setPoint), setPoint)
    let seen = last
    try {
      if (seen?.object.metadata.resourceVersion !== lock) seen = await look()
    } catch (error) {
      return failureOfLook(error)
    }
    const { object, ownership } = seen
    if (object.metadata.resourceVersion !== lock) {
      const message = `"${label}" was changed since it was read.`
      return { kind: 'conflict', message, raw: { lock, resourceVersion: object.metadata.resourceVersion } }
    }
    if (ownership.verdict !== 'free') {
      return refused(ownership.advice ?? `"${label}" is not ours to write.`, { ...ownership })
    }
    const write = kind.write(object, setPoint)
    return 'refuse' in write ? refused(write.refuse, setPoint) : { seen, write }
  }

  async function send(
    write: Exclude<Write, { refuse: string }>,
    { object }: Seen,
    setPoint: SetPoint,
    dryRun: boolean,
  ): Promise<Sent | Failure> {
    try {
      if ('scale' in write) {
        const scale = await objects.replaceScale(place, object.metadata.resourceVersion, write.scale, dryRun)
        return scaleOf(scale, setPoint)
      }
      const body = conditional(write.patch, object.metadata, setPoint.dispatchId)
      const after = await objects.patch(place, body, dryRun)
      const { uid, generation = null, resourceVersion } = after.metadata
      const said = kind.desired(after)
      const raw = { uid, generation, resourceVersion, replicas: said }
      return said === setPoint.replicas ? { object: after, raw } : otherThanAsked(said, setPoint, raw)
    } catch (error) {
      const status = statusOf(error)
      return status === null
        ? failureOfNetwork(error)
        : failureOfStatus(status, messageOf(error), retryAfterOf(error))
    }
  }

  return {
    kind: 'kubernetes',
    controls,
    unit: kind.unit,
    observe: async () => observationOf(await look()),
    dryRun: async (lock, setPoint) => {
      const ready = await prepare(lock, setPoint)
      if ('kind' in ready) return ready
      const sent = await send(ready.write, ready.seen, setPoint, true)
      return 'kind' in sent ? sent : { kind: 'accepted', raw: sent.raw }
    },
    apply: async (lock, setPoint): Promise<ApplyOutcome> => {
      const ready = await prepare(lock, setPoint)
      if ('kind' in ready) return ready
      const sent = await send(ready.write, ready.seen, setPoint, false)
      if ('kind' in sent) return sent
      try {
        const seen = sent.object === null ? await look() : { ...ready.seen, object: sent.object }
        return { kind: 'applied', observation: await observationOf(seen), raw: sent.raw }
      } catch (error) {
        const message = `The write was answered, the read after it was not: ${describe(error)}`
        return { kind: 'unknown', message, raw: sent.raw }
      }
    },
  }
}

/** What a write of the scale subresource was answered with. An admission webhook may have put another number in its place. */
function scaleOf(scale: unknown, setPoint: SetPoint): Sent | Failure {
  const said = countAt(scale, ['spec', 'replicas']) ?? 0
  const resourceVersion = textAt(scale, ['metadata', 'resourceVersion'])
  const raw = { uid: textAt(scale, ['metadata', 'uid']), resourceVersion, replicas: said }
  if (at(scale, ['kind']) === 'Scale' && said === setPoint.replicas) return { object: null, raw }
  return otherThanAsked(said, setPoint, raw)
}

function otherThanAsked(said: number, { replicas }: SetPoint, raw: Record<string, unknown>): Failure {
  return { kind: 'unknown', message: `The API server agreed to ${said} where ${replicas} was asked for`, raw }
}

function refused(message: string, raw: Record<string, unknown>): Failure {
  return { kind: 'refused', message, raw }
}

function uncontrolled({ label, controls }: BoundKind, { control }: SetPoint): string {
  const can = controls.map((each) => unitOf[each]).join(' or ')
  return (
    `${label} is set by ${can}; its ${unitOf[control]} cannot be set through this target. ` +
    `Give the pool the control "${controls[0]}", or put what it stands for behind another target.`
  )
}

/** A look before a write changes nothing: what it could not see is tried again, unless it is not allowed or not there. */
function failureOfLook(error: unknown): Failure {
  const message = describe(error)
  if (error instanceof ServiceError && !(error instanceof UnavailableError))
    return refused(message, { message })
  const wait = error instanceof UnavailableError ? error.retryAfterSeconds : null
  return {
    ...{ kind: 'retryable', message, raw: { message } },
    ...(wait === null ? {} : { retryAfterSeconds: wait }),
  }
}

async function asServiceError<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ServiceError) throw error
    throw observeError(statusOf(error), label, messageOf(error), retryAfterOf(error))
  }
}
