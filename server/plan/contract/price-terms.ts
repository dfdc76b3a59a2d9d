/** What an offering costs, as an approval binds it; what is absent plays no part in its price. */
export type PriceTerms = {
  offeringId: string
  pricePerReplicaHourUsd: number
  /** 24 prices by the hour, UTC. */
  priceProfileUsd?: number[]
  pricePerMillionRequestsUsd?: number
}
