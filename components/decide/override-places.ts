import type { OverridePlace } from '../../server/governance/contract.ts'
import type { Action } from '../../server/plan/contract.ts'
import { formatMoney } from '../ui/format.ts'

/** A pool that the proposal leaves as it is, as an action that would change nothing yet. */
export function actionAt(place: OverridePlace): Action {
  return {
    kind: 'scale',
    poolId: '',
    targetId: place.targetId,
    targetName: place.targetName,
    domainName: place.domain,
    region: place.region,
    hardwareClass: place.hardwareClass,
    fromReplicas: place.desiredReplicas,
    toReplicas: place.desiredReplicas,
  }
}

/** The level at which another pool carries what the plan's one action would add; beside several actions, what stands there. */
export function instead(
  {
    actions,
    capacityPerReplica,
  }: { actions: readonly Pick<Action, 'fromReplicas' | 'toReplicas'>[]; capacityPerReplica: number },
  place: OverridePlace,
): number {
  const [only] = actions
  if (actions.length !== 1 || only === undefined) return place.desiredReplicas
  const units = (only.toReplicas - only.fromReplicas) * capacityPerReplica
  const replicas = Math.ceil(units / place.capacityPerReplica - 1e-9)
  return Math.max(0, place.desiredReplicas + replicas)
}

/** "L4 owned at Basement, $0.90/h" */
export function placeWords({ hardwareClass, market, domain, pricePerReplicaHourUsd }: OverridePlace): string {
  const price = formatMoney(pricePerReplicaHourUsd, { per: 'h' })
  return `${hardwareClass} ${market.replace('_', '-')} at ${domain}, ${price}`
}
