import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkEntries } from './check.ts'
import type { Current } from './current.ts'
import { describeDiff } from './describe.ts'
import { diffEntries } from './diff.ts'
import { entriesOf } from './entries.ts'
import { toYaml } from './export.ts'
import { readDeclaration } from './read-file.ts'
import { completeFile } from './testing/file.ts'
import { warnings } from './warn.ts'

/** What exists when a file has been applied, or before any was; with a connection to hang targets on. */
function existing(text: string): Current {
  const { declaration } = readDeclaration(text, 'before.yaml')
  return {
    declaration,
    entries: entriesOf(declaration),
    connections: new Map([
      ['prod', { id: 'p', adapter: 'sandbox' }],
      ['cluster', { id: 'c', adapter: 'kubernetes' }],
    ]),
    policyVersions: new Map(),
    ruleSet: { version: 0, draftNumber: 0, rules: [] },
    ids: {
      targets: new Map(),
      domains: new Map(),
      offerings: new Map(),
      workloads: new Map(),
      mappings: new Map(),
      pools: new Map(),
    },
  }
}
const nothing = existing('pools: []\n')
const everything = existing(completeFile)

const instead = (from: string, to: string) => {
  if (!completeFile.includes(from)) throw new Error(`The complete file has no ${from}.`)
  return completeFile.replace(from, to)
}
function look(text: string, current = nothing) {
  const { declaration, tell } = readDeclaration(text, 'infra.yaml')
  const wanted = entriesOf(declaration)
  const diff = diffEntries(wanted, current.entries)
  const words = ({ path, message, expected }: ReturnType<typeof tell>) =>
    [path, message, expected].filter(Boolean).join(' | ')
  return {
    diff,
    text: describeDiff(diff),
    problems: checkEntries(diff.changes, current).map(tell).map(words),
    warnings: warnings(wanted, current.entries).map(tell).map(words),
  }
}

test('everything is created where nothing is, and what is needed comes first', () => {
  const { diff, problems, warnings } = look(completeFile)
  expect([problems, warnings]).toEqual([[], []])
  expect(diff.changes.map(({ kind, entry }) => `${kind} ${entry.section}`)).toEqual([
    'created targets',
    'created domains',
    'created offerings',
    'created workloads',
    'created mappings',
    'created policies',
    'created pools',
  ])
})

test('a pool stands for what the number of its target can be, and for nothing else', () => {
  const file = (kind: string, control: string) =>
    `targets:
  - { name: train, connection: cluster, ref: { namespace: ml, kind: ${kind}, name: train } }
pools:
  - { workload: chat, target: train, domain: d, hardwareClass: L4, market: on_demand, control: ${control}, capacityPerReplica: 1 }
`
  const wrong = look(file('Job', 'replicas')).problems.find((each) => each.includes('cannot stand for'))
  expect(wrong).toMatch(/control.*the target "train" is a Job.*cannot stand for replicas.* \| run$/)
  expect(look(file('Job', 'run')).problems.join()).not.toContain('cannot stand for')
  expect(look(file('HorizontalPodAutoscaler', 'nodes')).problems.join()).toContain('replicas or warm')
})

test('the example of the guide is complete', () => {
  const guide = readFileSync(path.resolve(import.meta.dirname, '../../../docs/declaring.md'), 'utf8')
  const blocks = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)
  const example = blocks.find((block) => block.startsWith('targets:')) ?? ''
  const { diff, problems, warnings, text } = look(example.replaceAll('own-cluster', 'cluster'))
  expect([problems, warnings]).toEqual([[], []])
  expect(diff.changes).toHaveLength(9)
  expect(guide).toContain(text)
})

test('what was exported is what exists', () => {
  const yaml = toYaml(everything)
  expect(look(yaml, everything).diff.changes.every(({ kind }) => kind === 'unchanged')).toBe(true)
  expect(toYaml(existing(yaml))).toBe(yaml)
  expect(yaml).toContain('#   prod (sandbox)')
})

test('a change is shown field by field, and what the file does not speak of is left alone', () => {
  const changed = look(instead('maxReplicas: 12', 'maxReplicas: 10'), everything)
  expect(changed.text).toContain('~ policy chat: change\n    maxReplicas: 12 → 10\n')
  expect(changed.text).toContain('0 to create, 1 to change, 6 unchanged.')
  const { text } = look('pools: []\n', everything)
  expect(text).toContain('Left alone, since the file does not speak of them: targets (1), domains (1),')
})

test('names that lead nowhere are told where they stand', () => {
  const { problems } = look(
    instead('workload: chat\n    domain: ams\n', 'workload: caht\n    domain: rotterdam\n').replace(
      'target: chat in prod',
      'target: chat',
    ),
  )
  expect(problems).toEqual([
    'infra.yaml:52:15 | pools[0].workload: there is no workload "caht", neither in this file nor declared before | one of chat',
    'infra.yaml:53:13 | pools[0].domain: there is no domain "rotterdam", neither in this file nor declared before | one of ams',
    'infra.yaml:56:13 | pools[0].target: there is no target "chat", neither in this file nor declared before | one of chat in prod',
  ])
  expect(
    look(
      instead(
        'hardwareClass: L40S\n    market: owned\n    target',
        'hardwareClass: L4\n    market: owned\n    target',
      ),
    ).problems,
  ).toEqual([
    'infra.yaml:54:20 | pools[0].hardwareClass: there is no offering "ams: L4, owned", neither in this file nor declared before | one of ams: L40S, owned',
  ])
  const onlyPool = completeFile.slice(completeFile.indexOf('pools:'))
  expect(look(onlyPool, everything).problems).toEqual([])
  expect(look(onlyPool).problems).toHaveLength(3)
})

test('a missing connection is named, with where to add it', () => {
  const { problems } = look(instead('connection: prod', 'connection: staging'))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(
    /^infra\.yaml:3:17 \| targets\[0]\.connection: there is no connection "staging"\..*open Targets.* \| one of prod, cluster$/,
  )
})

test('a reference has to be of the kind that its connection takes', () => {
  const { problems } = look(instead('connection: prod', 'connection: cluster'))
  expect(problems.some((it) => it.startsWith('infra.yaml:4:10 | targets[0].ref'))).toBe(true)
  expect(problems.every((it) => it.includes('kind, which is one of ClusterQueue'))).toBe(true)
})

test('the same twice, and a target that somebody else holds, are refused', () => {
  const double = `${completeFile}  - workload: chat\n    domain: ams\n    hardwareClass: L40S\n    market: owned\n    target: chat in prod\n    capacityPerReplica: 9\n`
  expect(look(double).problems).toEqual([
    'infra.yaml:58:5 | pools[1]: the pool "chat at chat in prod" is in this file already | one pool for each',
  ])
  const other = completeFile.slice(completeFile.indexOf('pools:')).replace('workload: chat', 'workload: code')
  const workload = completeFile
    .slice(completeFile.indexOf('workloads:'), completeFile.indexOf('mappings:'))
    .replace('name: chat', 'name: code')
  expect(look(workload + other, everything).problems[0]).toContain(
    'the target "chat in prod" holds a pool of "chat"',
  )
  const twin = 'targets:\n  - { name: twin, connection: prod, ref: { target: chat } }\n'
  expect(look(twin, everything).problems).toEqual([
    'infra.yaml:2:42 | targets[0].ref: is what the target "chat in prod" is already | another object, or that name',
  ])
})

const elsewhere = `targets:
  - { name: chat at the edge, connection: prod, ref: { target: chat-edge } }
pools:
  - { workload: chat, domain: ams, hardwareClass: L40S, market: owned, target: chat at the edge, capacityPerReplica: 6 }
`

test('a workload may have a second pool; one that the file leaves out is named beside it', () => {
  const { diff, problems, warnings } = look(elsewhere, everything)
  expect(problems).toEqual([])
  expect(diff.changes.map(({ kind, entry }) => `${kind} ${entry.section} ${entry.name}`)).toEqual([
    'created targets chat at the edge',
    'created pools chat at chat at the edge',
  ])
  expect(warnings).toEqual([
    'infra.yaml:4:5 | pools[0]: the pool of "chat" at "chat in prod" stays beside it, and both are planned',
  ])
})

test('control and priority of a pool are written where they are not the usual ones, and the control stays', () => {
  const second = instead(
    '    capacityPerReplica: 12',
    '    control: nodes\n    priority: 2\n    capacityPerReplica: 12',
  )
  const yaml = toYaml(existing(second))
  expect(yaml).toMatch(/control: nodes\n {4}priority: 2/)
  expect(toYaml(existing(yaml))).toBe(yaml)
  expect(toYaml(everything)).not.toContain('control:')
  expect(look(second, everything).problems).toEqual([
    'infra.yaml:57:14 | pools[0].control: cannot change: approvals are bound to what a target stands for; declare another target | "replicas"',
  ])
})

test('what nodes hold is a pool of the same workload, and is left as it is where the file says nothing', () => {
  const nodes = instead(
    '    capacityPerReplica: 12',
    '    control: nodes\n    governs: pods\n    capacityPerReplica: 12',
  )
  expect(look(nodes).problems).toEqual([
    expect.stringContaining('pools[0].governs: there is no pool "chat at pods"'),
  ])
  const before = existing(
    instead('    capacityPerReplica: 12', '    replicasPerNode: 4\n    capacityPerReplica: 12'),
  )
  expect(diffEntries(existing(completeFile).entries, before.entries).changes.at(-1)?.kind).toBe('unchanged')
})

test('what cannot change is refused before anything does', () => {
  expect(look(instead('stepSeconds: 60', 'stepSeconds: 30'), everything).problems).toEqual([
    'infra.yaml:29:18 | workloads[0].stepSeconds: cannot change: rollups and models are made of it; declare another workload under another name | 60',
  ])
  expect(look(instead('ref: { target: chat }', 'ref: { target: other }'), everything).problems[0]).toContain(
    'infra.yaml:4:10 | targets[0].ref: cannot change',
  )
})

test('bounds that forbid the place of the pool are a warning, whether the file speaks of both or of one', () => {
  const elsewhere = instead('allowedRegions: [eu-west]', 'allowedRegions: [us-east]')
  const expected =
    'the pool stands in the region "eu-west", and the policy allows only us-east: nothing can be approved'
  expect(look(elsewhere).warnings).toEqual([`infra.yaml:52:5 | pools[0]: ${expected}`])
  const policy = elsewhere.slice(elsewhere.indexOf('policies:'), elsewhere.indexOf('pools:'))
  expect(look(policy, everything).warnings).toEqual([`infra.yaml:2:5 | policies[0]: ${expected}`])
  expect(look(instead('securityTier: 3', 'securityTier: 1')).warnings[0]).toContain('the workload requires 2')
  expect(look(instead('quotaReplicas: 20', 'quotaReplicas: 9')).warnings[0]).toContain('the quota ends at 9')
})

test('a workload for which nothing can be proposed yet is a warning', () => {
  const only = completeFile.slice(completeFile.indexOf('workloads:'), completeFile.indexOf('mappings:'))
  expect(look(only).warnings).toEqual([
    'infra.yaml:2:5 | workloads[0]: "chat" has no mapping for requests_per_second, no policy, no pool: nothing is proposed for it yet',
  ])
})
