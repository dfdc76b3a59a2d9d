import { z } from 'zod'
import type { DispatchStateName } from '../governance/contract.ts'
import { type Control, controls, type OfferingView, type Serving, unitOf } from '../plan/contract.ts'
import type { GateView } from './contract/delivery.ts'
import { givenName, reason } from './contract/fields.ts'
import { kindControls, kubernetesRef, kubernetesUnit } from './contract/kubernetes-ref.ts'
import type { Ownership } from './contract/ownership.ts'

export * from './contract/connections.ts'
export * from './contract/delivery.ts'
export * from './contract/discovery.ts'
export * from './contract/kubernetes-ref.ts'
export * from './contract/ownership.ts'

export const adapterKinds = ['sandbox', 'kubernetes'] as const
export type AdapterKind = (typeof adapterKinds)[number]

/** What the number of a target can stand for, by what it is, the usual one first; a reference that is none can stand for anything. */
export function controlsOf(adapter: AdapterKind, ref: unknown): readonly [Control, ...Control[]] {
  if (adapter === 'sandbox') return controls
  const parsed = kubernetesRef.safeParse(ref)
  return parsed.success ? kindControls[parsed.data.kind] : controls
}

/** What the number of a target is called where a person reads it: "replicas", "minimum replicas", "nodes of its limit on cpu". */
export function targetUnit(adapter: AdapterKind, ref: unknown, control: Control): string {
  const parsed = adapter === 'kubernetes' ? kubernetesRef.safeParse(ref) : null
  return parsed?.success ? kubernetesUnit(parsed.data, control) : unitOf[control]
}

/** Where a target is, in its adapter's own words. */
export const sandboxRef = z.object({ target: z.string().min(1) })
export type SandboxRef = z.infer<typeof sandboxRef>

/** Settings of a connection; stored encrypted. */
export const sandboxConfig = z.object({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces'),
})
const byKubeconfig = z.object({
  /** A kubeconfig as YAML; its current context is used. */
  kubeconfig: z.string().min(1),
})
const inCluster = z.strictObject({
  /** The cluster that InfraSage runs in, as its pods' service account. */
  access: z.literal('in-cluster'),
})
/** One or the other; what is wrong is said of the one that was meant. */
export const kubernetesConfig = z.record(z.string(), z.string()).transform((raw, issues) => {
  const parsed = ('access' in raw ? inCluster : byKubeconfig).safeParse(raw)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues) {
    issues.addIssue({ code: 'custom', path, message })
  }
  return z.NEVER
})
export type KubernetesConfig = z.output<typeof kubernetesConfig>

/** `config`: what the adapter asks for (`sandboxConfig`, `kubernetesConfig`); it is tried before it is kept. */
export const connectionInput = z.object({
  name: givenName,
  adapter: z.enum(adapterKinds),
  config: z.record(z.string(), z.string().max(200_000)),
})
export const checkConnectionInput = z.object({ connectionId: z.uuid() })
export const removeTargetInput = z.object({ targetId: z.uuid() })
export const updateConnectionInput = checkConnectionInput.extend({ config: connectionInput.shape.config })
export type ConnectionInput = z.input<typeof connectionInput>
export type UpdateConnectionInput = z.input<typeof updateConnectionInput>
/**
 * A target as it is. `version` changes when, and only when, what it is asked to be changes; `lock` is the precondition of a
 * write. What stands before a colon in a version names the object, where one that was made anew under the same name is another.
 * `readyReplicas`: how much of what is asked for has taken effect; `awaits`: what has to happen before that number speaks of
 * what is asked for now ("its controller to see the change"), null where it does. `ownership`: whether it may be written at all.
 */
export type Observation = {
  desiredReplicas: number
  readyReplicas: number
  awaits: string | null
  version: string
  lock: string
  ownership: Ownership
  raw: Record<string, string | number | boolean | null>
}

/**
 * One absolute set-point, and all that makes it happen once. `control`: what the number stands for; an adapter that cannot
 * write that says so. `final`: the job ends for good.
 */
export type SetPoint = {
  replicas: number
  control: Control
  final: boolean
  dispatchId: string
  fencingToken: number
}

/**
 * What came of asking a target. `refused`: it said no, nothing changed, trying again is useless. `conflict`: somebody else changed it.
 * `retryable`: surely nothing changed. `unknown`: it may have changed; read back before anything else.
 */
export type ApplyOutcome =
  | { kind: 'applied'; observation: Observation; raw: Record<string, unknown> }
  | NotApplied

export type DryRunOutcome = { kind: 'accepted'; raw: Record<string, unknown> } | NotApplied

/** `status`: of an HTTP answer; absent if none came. `retryAfterSeconds`: for how long it asked to be left alone. */
export type NotApplied = {
  kind: 'refused' | 'conflict' | 'retryable' | 'unknown'
  message: string
  raw: Record<string, unknown>
  status?: number
  retryAfterSeconds?: number
}

/**
 * The whole of what a target adapter must do; one file each in dispatch/adapters. A target whose ownership is not `free`
 * refuses dry runs and writes, in the words of the advice.
 */
export interface TargetAdapter {
  readonly kind: AdapterKind
  /** What its number can stand for, the usual one first; a set-point of another control is refused. */
  readonly controls: readonly [Control, ...Control[]]
  /** What the number is called where a person reads it: "replicas", "minimum replicas". */
  unit(control: Control): string
  /** @throws ServiceError `not_found`, `forbidden` or `unavailable`, saying what is missing. */
  observe(): Promise<Observation>
  /** Asks the target whether it would take the set-point; changes nothing. */
  dryRun(lock: string, setPoint: SetPoint): Promise<DryRunOutcome>
  /** Writes once, only if `lock` still holds. Never retries by itself. */
  apply(lock: string, setPoint: SetPoint): Promise<ApplyOutcome>
}

/** Takes back what stands of a dispatch that stands still while all dispatch is stopped. */
export const askBackInput = z.object({
  decisionId: z.uuid(),
  reason,
})
export type AskBackInput = z.infer<typeof askBackInput>

export type ReceiptView = {
  id: string
  targetId: string
  step: string
  outcome: string
  request: unknown
  response: unknown
  at: string
}

/** Where one action of a plan stands; `takenBackAt`: when what takes it back was written. */
export type DispatchActionView = {
  position: number
  stage: number
  targetId: string
  state: 'waiting' | 'applied' | 'verified' | 'failed' | 'taken_back' | 'undone'
  appliedAt: string | null
  verifiedAt: string | null
  takenBackAt: string | null
  note: string | null
  /** What its number is called at its target; null of a target that has no pool any more. */
  unit: string | null
}

export type DispatchView = {
  id: string
  decisionId: string
  state: DispatchStateName
  attempts: number
  note: string | null
  createdAt: string
  appliedAt: string | null
  verifiedAt: string | null
  /** Since when what was applied is taken back; null unless an action failed. */
  rollingBackAt: string | null
  /** Since when it stands still because all dispatch is stopped; null while it goes on. */
  haltedAt: string | null
  /** When a person asked to take back what stands; null where nobody did. */
  takeBackAt: string | null
  /** Since when it is a dead letter; null while it is not. */
  deadAt: string | null
  /** Of a dead letter: a redrive is refused after it; null where only a read-back is left to do. */
  goodUntil: string | null
  actions: DispatchActionView[]
  receipts: ReceiptView[]
}

export type ConnectionView = {
  id: string
  name: string
  adapter: AdapterKind
  targets: number
  createdAt: string
  lastCheckedAt: string | null
  lastError: string | null
  gate: GateView
}

export type TargetView = {
  id: string
  name: string
  adapter: AdapterKind
  connection: { id: string; name: string; lastCheckedAt: string | null; lastError: string | null }
  ref: Record<string, string>
  /** Who else writes it, as last seen; null before the first look. */
  ownership: Ownership | null
  pool: {
    id: string
    workload: { id: string; name: string; title: string }
    domain: { name: string; title: string; region: string }
    offering: { hardwareClass: string; market: OfferingView['market']; pricePerReplicaHourUsd: number }
    /** What the target's one number stands for. */
    control: Control
    priority: number
    /** Whether it leads its workload's pools. */
    leading: boolean
    capacityPerReplica: number
    /** How one replica serves, as declared. */
    serving: Serving | null
    /** Of nodes and sizes: the pool that they govern, and of nodes how many of its replicas fit on one. */
    governsPoolId: string | null
    replicasPerNode: number | null
    desiredReplicas: number | null
    readyReplicas: number | null
    /** At list prices; replicas are paid for from the order until they are gone. Null before the first look, and of a size. */
    costPerHourUsd: number | null
    observedVersion: string | null
    observedAt: string | null
  } | null
}
