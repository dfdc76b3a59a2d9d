import { expect, test } from 'vitest'
import { readReplayConfig } from './config.ts'

const read = (text: string) => readReplayConfig(text, 'w.yaml').config
const refusal = (text: string): string => {
  try {
    read(text)
    return 'nothing'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

test('one key is enough; the others have defaults', () => {
  expect(read('capacityPerReplica: 2.5')).toEqual({
    capacityPerReplica: 2.5,
    targetUtilisation: 0.7,
    serviceTimeSeconds: 1,
    sloP99Seconds: 2,
    arrivalScv: 1,
    serviceScv: 1,
    minReplicas: 1,
    maxReplicas: 200,
    initialReplicas: 'auto',
    pricePerReplicaHour: 1,
    leadTimeSeconds: 300,
    leadSeed: 1,
    approvalDelaySeconds: 0,
    removeDelaySeconds: 0,
    penaltyPerReplicaHourShort: 20,
    shortfallUtilisation: 1,
    startCost: 0,
    removeCost: 0,
    stepSeconds: 0,
    evalFrom: 0.5,
  })
})

test('the hash is that of the text', () => {
  const hash = (text: string) => readReplayConfig(text, 'w.yaml').sha256
  expect(hash('capacityPerReplica: 1\n')).toMatch(/^[0-9a-f]{64}$/)
  expect(hash('capacityPerReplica: 1\n')).not.toBe(hash('capacityPerReplica: 1 \n'))
})

test.each([
  ['', 'holds no keys'],
  ['- 1', 'holds no keys'],
  ['minReplicas: 1', 'capacityPerReplica: is missing'],
  [
    'capacityPerReplica: 1\nlead: 3\nfoo: 1',
    'there is no key "lead", "foo"; expected some of capacityPerReplica',
  ],
  ['capacityPerReplica: 1\ncapacityPerReplica: 2', 'line 2'],
  ['capacityPerReplica: "1"', 'capacityPerReplica: expected a number'],
  ['capacityPerReplica: .inf', 'capacityPerReplica: expected a number'],
  ['capacityPerReplica: .nan', 'capacityPerReplica: expected a number'],
  ['capacityPerReplica:', 'capacityPerReplica: expected a number'],
  ['capacityPerReplica: 0', 'capacityPerReplica: expected a number above 0'],
  ['capacityPerReplica: 1e-300', 'capacityPerReplica: expected at least 0.000001'],
  ['capacityPerReplica: 1e300', 'capacityPerReplica: expected at most 1000000000000'],
  [
    'capacityPerReplica: 1\npenaltyPerReplicaHourShort: 1e16',
    'penaltyPerReplicaHourShort: must be at most 1000000000 times pricePerReplicaHour',
  ],
  ['capacityPerReplica: 1\nminReplicas: 0', 'minReplicas: expected a whole number from 1'],
  ['capacityPerReplica: 1\nminReplicas: 1.5', 'minReplicas: expected a whole number'],
  ['capacityPerReplica: 1\nminReplicas: 300', 'maxReplicas: must not be below minReplicas'],
  ['capacityPerReplica: 1\ninitialReplicas: some', 'initialReplicas: expected "auto" or a whole number'],
  ['capacityPerReplica: 1\nleadTimeSeconds: -1', 'leadTimeSeconds: expected'],
  ['capacityPerReplica: 1\nleadTimeSeconds: [60]', 'leadTimeSeconds: expected'],
  [
    'capacityPerReplica: 1\nleadTimeSeconds: [60, 30]',
    'leadTimeSeconds: expected quantiles that do not fall',
  ],
  ['capacityPerReplica: 1\npenaltyPerReplicaHourShort: 1', 'penaltyPerReplicaHourShort: must be above'],
  ['capacityPerReplica: 1\nevalFrom: 1', 'evalFrom: expected a number from 0 to below 1'],
  ['capacityPerReplica: 1\nremoveCost: -1', 'removeCost: expected a number from 0'],
  ['capacityPerReplica: 1\nshortfallUtilisation: 0', 'shortfallUtilisation: expected a number above 0'],
  ['capacityPerReplica: [', 'is not YAML: line'],
  ['capacityPerReplica: *nothing', 'is not YAML: Unresolved alias'],
])('%j is refused: %s', (text, fault) => {
  expect(refusal(text)).toContain(fault)
  expect(refusal(text)).toContain('w.yaml')
})
