import type { CapacitySnapshot } from '../contract.ts'
import { meanOver, valueAt } from './hours.ts'

type Priced = Pick<CapacitySnapshot['offering'], 'pricePerReplicaHourUsd' | 'priceProfileUsd'>
type Powered = Pick<CapacitySnapshot['domain'], 'carbonGPerKwh' | 'carbonProfileGPerKwh'>

/** USD for one replica-hour at a moment (milliseconds since the epoch). */
export function priceAt({ priceProfileUsd, pricePerReplicaHourUsd }: Priced, atMs: number): number {
  return valueAt(priceProfileUsd, pricePerReplicaHourUsd, atMs)
}

/** USD for one replica-hour, averaged over the span that starts at `fromMs`. */
export function meanPriceUsd(offering: Priced, fromMs: number, seconds: number): number {
  return meanOver(offering.priceProfileUsd, offering.pricePerReplicaHourUsd, fromMs, seconds)
}

/** Grams of CO₂ per kilowatt-hour at a moment. */
export function carbonAt({ carbonProfileGPerKwh, carbonGPerKwh }: Powered, atMs: number): number {
  return valueAt(carbonProfileGPerKwh, carbonGPerKwh, atMs)
}

/** Grams of CO₂ per kilowatt-hour, averaged over the span that starts at `fromMs`. */
export function meanCarbonGPerKwh(domain: Powered, fromMs: number, seconds: number): number {
  return meanOver(domain.carbonProfileGPerKwh, domain.carbonGPerKwh, fromMs, seconds)
}
