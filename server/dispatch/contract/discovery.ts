import { z } from 'zod'
import { type Control, controls, poolInput } from '../../plan/contract.ts'
import { dnsLabel, givenName } from './fields.ts'
import type { Ownership } from './ownership.ts'

/** `ref`: where the target is, in the adapter's words (`sandboxRef`, `kubernetesRef`). */
export const targetInput = z.object({
  name: givenName,
  connectionId: z.uuid(),
  ref: z.record(z.string(), z.string().max(253)),
})
export type TargetInput = z.input<typeof targetInput>

/** `namespace`: look there alone, for connections that may not list a whole cluster. */
export const discoverInput = z.object({
  connectionId: z.uuid(),
  namespace: dnsLabel.nullable().default(null),
})
export type DiscoverInput = z.input<typeof discoverInput>

export const mostMapped = 50

/** Targets that are kept at once with the pools that they hold, all of them or none. `control`: as of `poolInput`. */
export const mapTargetsInput = z.object({
  connectionId: z.uuid(),
  targets: z
    .array(
      targetInput.omit({ connectionId: true }).extend({
        pool: poolInput
          .pick({ workloadId: true, offeringId: true, capacityPerReplica: true })
          .extend({ control: z.enum(controls) }),
      }),
    )
    .min(1, 'choose at least one')
    .max(mostMapped, `at most ${mostMapped} at once`),
})
export type MapTargetsInput = z.input<typeof mapTargetsInput>

/** Something behind a connection that could be a target. `appName`: its label `app.kubernetes.io/name`. */
export type FoundTarget = {
  ref: Record<string, string>
  label: string
  kind: string
  namespace: string | null
  name: string
  appName: string | null
  /** What it is asked for now, in the unit of its first control. */
  desired: number
  controls: readonly [Control, ...Control[]]
  ownership: Ownership
}

/** `unreadable`: kinds that could not be listed, and why. `cut`: kinds of which there are more than are shown. */
export type Found = {
  found: FoundTarget[]
  unreadable: { kind: string; why: string }[]
  cut: string[]
}

/** `suggestion`: the workload that it seems to hold. `targetName`: what it is known as already. */
export type DiscoveryView = Omit<Found, 'found'> & {
  found: (FoundTarget & {
    suggestion: { workloadId: string; why: string } | null
    targetName: string | null
  })[]
}
