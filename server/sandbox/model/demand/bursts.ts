import type { BurstDemand } from '../../contract.ts'
import { normalAt, smoothNoiseAt, uniformAt } from '../random.ts'

const hourMs = 3_600_000

const generations = 3
/** How much weaker a burst is than the one that set it off. */
const decay = 0.6

function burstShape(spec: BurstDemand, sinceMs: number): number {
  if (sinceMs <= 0) return 0
  const x = sinceMs / (spec.riseSeconds * 1000)
  return x * Math.exp(1 - x)
}

/** A burst and all that it sets off, seen at `sinceMs` after its start (cluster form of Hawkes and Oakes 1974). */
function clusterRate(
  spec: BurstDemand,
  seed: number,
  keys: number[],
  sinceMs: number,
  amplitude: number,
): number {
  if (sinceMs <= 0) return 0
  let rate = amplitude * burstShape(spec, sinceMs)
  if (keys.length > generations) return rate
  for (let child = 0; child < 2; child++) {
    if (uniformAt(seed, ...keys, child, 7) >= spec.branching / 2) continue
    const wait = -Math.log(1 - uniformAt(seed, ...keys, child, 8)) * spec.delaySeconds * 1000
    rate += clusterRate(spec, seed, [...keys, child], sinceMs - wait, amplitude * decay)
  }
  return rate
}

function amplitudeOf(spec: BurstDemand, seed: number, slot: number): number {
  return spec.burstRate * Math.exp(spec.burstSpread * normalAt(seed, slot, 5))
}

/** The base rate without bursts and noise. */
export function burstBase(spec: BurstDemand, atMs: number): number {
  const hour = (atMs % (24 * hourMs)) / hourMs
  return spec.baseRate * (1 + spec.daySwing * Math.sin(((hour - 8) / 12) * Math.PI))
}

/** Rate at a time. Pure in time and seed. */
export function burstRate(spec: BurstDemand, seed: number, atMs: number): number {
  const slotMs = spec.slotSeconds * 1000
  const slot = Math.floor(atMs / slotMs)
  let rate = burstBase(spec, atMs) * (1 + spec.noiseShare * smoothNoiseAt(seed, atMs))
  for (let of = slot - 1; of <= slot; of++) {
    const jitter = (2 * uniformAt(seed, of, 4) - 1) * spec.jitterSeconds
    const startMs = of * slotMs + (spec.offsetSeconds + jitter) * 1000
    rate += clusterRate(spec, seed, [of], atMs - startMs, amplitudeOf(spec, seed, of))
  }
  return Math.max(0, rate)
}
