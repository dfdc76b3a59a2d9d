import { normalAt } from './random.ts'

/** Replicas that were ordered together; times in milliseconds since the epoch. */
export type Order = { count: number; placedAt: number; readyAt: number }

/** Capacity of one target. `ready` counts what had arrived at the last look; later arrivals are still in `orders`. */
export type Capacity = { desired: number; ready: number; orders: Order[]; ordersPlaced: number }

export type LeadTime = { p50Seconds: number; p90Seconds: number }

const z90 = 1.2815515655446004

export function steadyCapacity(replicas: number): Capacity {
  return { desired: replicas, ready: replicas, orders: [], ordersPlaced: 0 }
}

/** Seconds from order to ready: log-normal through both stated quantiles, at most four times the ninetieth. */
export function drawLeadSeconds(lead: LeadTime, seed: number, order: number): number {
  if (lead.p50Seconds === 0) return 0
  const spread = Math.log(lead.p90Seconds / lead.p50Seconds) / z90
  const seconds = lead.p50Seconds * Math.exp(spread * normalAt(seed, order, 31))
  return Math.min(seconds, 4 * lead.p90Seconds)
}

/** Capacity with everything that has arrived by `atMs`. */
export function settle(capacity: Capacity, atMs: number): Capacity {
  const arrived = capacity.orders.filter((order) => order.readyAt <= atMs)
  if (arrived.length === 0) return capacity
  return {
    ...capacity,
    ready: capacity.ready + arrived.reduce((sum, order) => sum + order.count, 0),
    orders: capacity.orders.filter((order) => order.readyAt > atMs),
  }
}

export function inFlight(capacity: Capacity): number {
  return capacity.orders.reduce((sum, order) => sum + order.count, 0)
}

/**
 * Asks for `replicas` from `atMs` on. More are ordered and come after a drawn lead time; fewer are gone at once,
 * the newest orders first and ready ones last.
 */
export function scaleTo(
  capacity: Capacity,
  replicas: number,
  atMs: number,
  lead: LeadTime,
  seed: number,
): Capacity {
  const now = settle(capacity, atMs)
  const change = replicas - now.ready - inFlight(now)
  if (change > 0) {
    const readyAt = atMs + Math.round(drawLeadSeconds(lead, seed, now.ordersPlaced) * 1000)
    const order = { count: change, placedAt: atMs, readyAt }
    return {
      desired: replicas,
      ready: now.ready,
      orders: [...now.orders, order],
      ordersPlaced: now.ordersPlaced + 1,
    }
  }
  let surplus = -change
  const orders: Order[] = []
  for (const order of [...now.orders].reverse()) {
    const cancelled = Math.min(order.count, surplus)
    surplus -= cancelled
    if (order.count > cancelled) orders.unshift({ ...order, count: order.count - cancelled })
  }
  return { desired: replicas, ready: now.ready - surplus, orders, ordersPlaced: now.ordersPlaced }
}
