import { type EngineQuestion, engineInputFormat } from './contract.ts'

const sampleWorkload = {
  name: 'sample',
  team: 'sample',
  environment: 'staging',
  dataClassification: 'internal',
}

/** Two replicas more of something that does not exist. */
export const sampleQuestion: EngineQuestion = {
  format: engineInputFormat,
  decision: 'propose',
  proposal: {
    id: '00000000-0000-4000-8000-000000000000',
    number: null,
    origin: 'proposed',
    rollbackOf: null,
    purpose: 'capacity',
    summary: 'A sample: 4 → 6 replicas',
  },
  workload: sampleWorkload,
  touched: [sampleWorkload],
  actions: [
    {
      kind: 'scale',
      stage: 0,
      workload: 'sample',
      target: 'sample',
      unit: 'replicas',
      before: 4,
      after: 6,
      domain: 'sample',
      region: 'eu-west',
      jurisdiction: 'EU',
      securityTier: 3,
      offering: { hardwareClass: 'L40S', market: 'on_demand', pricePerReplicaHourUsd: 2 },
    },
  ],
  cost: { perHourUsd: 12, changePerHourUsd: 4, peakPerHourUsd: 12 },
  carbonChangeGPerHour: 200,
  sloRisk: { before: 0.3, after: 0.02 },
  confidence: 0.9,
  approvers: [],
  contentHash: '0'.repeat(64),
  policyVersion: 1,
  ruleSetVersion: 0,
}
