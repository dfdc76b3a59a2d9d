import { expect, test } from 'vitest'
import { InvalidInputError } from '../../kernel/errors.ts'
import { readDeclaration } from './read-file.ts'
import { completeFile } from './testing/file.ts'

const read = (text: string) => readDeclaration(text, 'infra.yaml')

/** What is said of a file that is refused: place, message and what would be right, one string each. */
function faults(text: string): string[] {
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return error.details.map(({ path, message, expected }) =>
      [path, message, expected].filter(Boolean).join(' | '),
    )
  }
  throw new Error('The file was taken.')
}
const instead = (from: string, to: string) => {
  if (!completeFile.includes(from)) throw new Error(`The complete file has no ${from}.`)
  return completeFile.replace(from, to)
}

test('a complete file is read, and what it leaves out has its default', () => {
  const { declaration } = read(completeFile)
  expect(declaration.mappings).toEqual([
    {
      metric: 'vllm:request_success_total',
      priority: 100,
      matchLabels: {},
      workloadLabel: null,
      workloadName: 'chat',
      signal: 'requests_per_second',
      kind: 'counter',
      scale: 1,
    },
  ])
  expect(declaration.domains[0]?.offerings[0]?.interruptionRatePerHour).toBe(0)
  expect(read('workloads:\npools: []\n').declaration.workloads).toEqual([])
})

test('a fault names its line and column, and what would be right', () => {
  expect(faults(instead('title: Chat', 'titel: Chat'))).toEqual([
    'infra.yaml:22:5 | workloads[0].title: is missing | string',
    expect.stringMatching(/^infra\.yaml:23:5 \| there is no key "titel" here \| one of name, title, kind, /),
  ])
  expect(faults(instead('market: owned\n        price', 'market: leased\n        price'))).toEqual([
    'infra.yaml:15:17 | domains[0].offerings[0].market: is "leased" | one of "on_demand"|"spot"|"reserved"|"owned"',
  ])
  expect(faults(instead('capacityPerReplica: 12', 'capacityPerReplica: 0'))[0]).toMatch(
    /^infra\.yaml:57:25 \| pools\[0]/,
  )
  expect(faults('worklods: []\n')[0]).toMatch(
    /^infra\.yaml:1:1 \| there is no key "worklods" here \| one of targets,/,
  )
})

test('rules about several fields hold as they do elsewhere', () => {
  expect(faults(instead('minReplicas: 2', 'minReplicas: 13'))).toEqual([
    'infra.yaml:40:18 | policies[0].minReplicas: the minimum must not exceed the maximum',
  ])
  expect(faults(instead('leadTimeP50Seconds: 120', 'leadTimeP50Seconds: 500'))[0]).toContain(
    'infra.yaml:18:29 | domains[0].offerings[0].leadTimeP50Seconds: the median lead time',
  )
  expect(faults(instead('workloadName: chat', 'scale: 1'))[0]).toContain('give either workloadLabel')
})

test('all faults are told at once', () => {
  const text = instead('minReplicas: 2', 'minReplicas: many').replace('securityTier: 3', 'securityTier: 9')
  expect(faults(text)).toHaveLength(2)
})

test('what is no YAML is told with its place', () => {
  expect(faults('workloads:\n  - name: "chat\n')[0]).toMatch(/^infra\.yaml:\d+:\d+ \| /)
  expect(faults('pools: []\npools: []\n')[0]).toMatch(/^infra\.yaml:2:1 \| .*unique/)
  expect(faults('pools: []\n---\npools: []\n')[0]).toMatch(/^infra\.yaml:2:1 \| /)
  expect(() => read('# nothing\n')).toThrow('infra.yaml is empty')
  expect(() => read('pools: *nowhere\n')).toThrow(InvalidInputError)
  expect(faults('- pools\n')[0]).toMatch(/^infra\.yaml:1:1 \| /)
})
