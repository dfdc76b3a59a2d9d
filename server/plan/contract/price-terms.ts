import type { CapacitySnapshot } from './capacity.ts'

/** What an offering costs, as an approval binds it; what is absent plays no part in its price. */
export type PriceTerms = {
  offeringId: string
  pricePerReplicaHourUsd: number
  /** 24 prices by the hour, UTC. */
  priceProfileUsd?: number[]
  pricePerMillionRequestsUsd?: number
}

/** The terms of an offering, each of which voids an approval when it moves. */
export function priceTermsOf(offering: CapacitySnapshot['offering']): PriceTerms {
  const { id, pricePerReplicaHourUsd, priceProfileUsd = [], pricePerMillionRequestsUsd = null } = offering
  return {
    offeringId: id,
    pricePerReplicaHourUsd,
    ...(priceProfileUsd.length > 0 ? { priceProfileUsd } : {}),
    ...(pricePerMillionRequestsUsd === null ? {} : { pricePerMillionRequestsUsd }),
  }
}
