import { burstingInference } from './bursting-inference.ts'
import { costHybrid } from './cost-hybrid.ts'
import { edgeFirst } from './edge-first.ts'
import { loopingJob } from './looping-job.ts'
import type { Script } from './script.ts'

/** The scenes that a person can start, in the order in which they are listed. */
export const scripts: readonly Script[] = [burstingInference, costHybrid, edgeFirst, loopingJob]
