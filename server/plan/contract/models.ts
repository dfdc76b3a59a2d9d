/** How well a model describes what was measured. */
export const fitVerdicts = ['fits well', 'fits poorly', 'too few to tell'] as const

/** Where the numbers of a model come from, and how well they describe what was measured. */
export type ModelFit = {
  /** *telemetry*: fitted. *declared*: as a person said. *assumed*: from the objective alone. */
  source: 'telemetry' | 'declared' | 'assumed'
  /** Of the fit that was tried, also where it was not good enough to be used. */
  verdict: (typeof fitVerdicts)[number]
  /** Steps that the fit was made from. */
  observations: number
  /** Share of the variance of log p99 that the model explains, at most 1; null where it was not fitted. */
  explainedShare: number | null
  /** Median of |predicted − measured| / measured p99; null where it was not fitted. */
  medianRelativeError: number | null
  /** One sentence for people. */
  words: string
}

/** Requests that wait for a free slot: Allen–Cunneen's waiting time on top of an unloaded p99. */
export type QueueModel = {
  kind: 'queue'
  /** Units per second of one replica that is busy all the time. */
  capacityPerReplica: number
  serviceSeconds: number
  unloadedP99Ms: number
  /** Mean of the squared coefficients of variation of arrivals and service. */
  variability: number
  fit: ModelFit
}

/** What one replica of a batching model gives at one rate of requests. */
export type BatchingPoint = {
  requestsPerSecond: number
  firstTokenP50Ms: number
  firstTokenP99Ms: number
  perTokenP50Ms: number
  perTokenP99Ms: number
  endToEndP50Ms: number
  endToEndP99Ms: number
  /** Mean number of sequences in an iteration, and share of the cache's memory in use. */
  meanBatch: number
  cacheShare: number
}

/** A language model with continuous batching, tabulated over the rate of requests of one replica; read between its points. */
export type BatchingModel = {
  kind: 'batching'
  /** Highest rate at which every objective holds; 0 where none does. */
  sustainableRequestsPerSecond: number
  /** Rate at which the replica is busy all the time. */
  saturatedRequestsPerSecond: number
  /** What ends the growth first: sequences in a batch, memory of the cache, or the time of computing. */
  boundBy: 'batch' | 'memory' | 'compute'
  points: BatchingPoint[]
  fit: ModelFit
}

/** Capacity and latency of one workload on one hardware class. */
export type CapacityModel = QueueModel | BatchingModel
