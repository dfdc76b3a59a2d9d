/** A complete file: one workload with all that a proposal for it needs. */
export const completeFile = `targets:
  - name: chat in prod
    connection: prod
    ref: { target: chat }
domains:
  - name: ams
    title: Amsterdam
    kind: on_premise
    region: eu-west
    jurisdiction: EU
    securityTier: 3
    carbonGPerKwh: 268
    offerings:
      - hardwareClass: L40S
        market: owned
        pricePerReplicaHourUsd: 1.9
        powerKw: 0.5
        leadTimeP50Seconds: 120
        leadTimeP90Seconds: 240
        quotaReplicas: 20
workloads:
  - name: chat
    title: Chat
    kind: inference
    environment: production
    team: assistants
    dataClassification: internal
    requiredSecurityTier: 2
    stepSeconds: 60
    demandSignal: requests_per_second
    objectiveP99Ms: 800
mappings:
  - metric: vllm:request_success_total
    priority: 100
    workloadName: chat
    signal: requests_per_second
    kind: counter
policies:
  - workload: chat
    minReplicas: 2
    maxReplicas: 12
    maxStepUp: 4
    maxStepDown: 2
    costLimitPerHourUsd: 30
    allowedRegions: [eu-west]
    penaltyRatio: 20
    surgeProbability: 0.2
    approvalLeadSeconds: 300
    scaleDownCooldownSeconds: 900
    automationLevel: approve
pools:
  - workload: chat
    domain: ams
    hardwareClass: L40S
    market: owned
    target: chat in prod
    capacityPerReplica: 12
`
