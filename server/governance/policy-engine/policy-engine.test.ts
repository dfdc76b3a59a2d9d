import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpaStandIn, type Scripted, says, startOpaStandIn } from '../testing/opa-stand-in.ts'
import { policyEngineContract, questionIn } from '../testing/policy-engine-contract.ts'
import { policyForTests, startOpa, whyNoOpa } from '../testing/real-opa.ts'
import type { EngineQuestion } from './contract.ts'
import { httpEngine } from './http-engine.ts'

const token = 'a-token-that-nobody-may-see'
const nowhere = () => ({ url: 'http://127.0.0.1:9/v1/data/infrasage/allow', token: null, timeoutMs: 500 })

let opa: OpaStandIn
beforeAll(async () => {
  opa = await startOpaStandIn()
  opa.otherwise = judged
})
afterAll(() => opa.close())

/** What the policy of the contract says, done by hand. */
function judged({ body, path }: { body: string; path: string }): Scripted {
  if (path.endsWith('/nothing')) return { body: '{}' }
  const { input } = JSON.parse(body)
  if (input.workload.environment === 'production')
    return says({ allow: false, reasons: ['production is closed'] })
  return says({ allow: !input.approvers.some(({ kind }: { kind: string }) => kind === 'rule') })
}

describe('an engine over HTTP, before a stand-in', () => {
  const access = (path = '') => ({ url: `${opa.url}${path}`, token, timeoutMs: 1_000 })
  policyEngineContract(() => ({
    engine: httpEngine,
    access,
    undefinedDocument: () => access('/nothing'),
    nowhere,
    heard: () => opa.heard.map(({ body }) => JSON.parse(body)),
  }))

  const answered = (answer: Scripted, timeoutMs = 1_000) => {
    opa.answers.push(answer)
    return httpEngine.judge(
      questionIn('staging'),
      { ...access(), timeoutMs },
      { privateHosts: ['127.0.0.1'] },
    )
  }

  test('sends its token, and shows it in nothing that comes back', async () => {
    const reasons = [`I heard Bearer ${token}`]
    expect(await answered(says({ allow: false, reasons }))).toEqual({
      kind: 'deny',
      reasons: ['I heard Bearer [token]'],
    })
    expect(opa.heard.at(-1)?.headers.authorization).toBe(`Bearer ${token}`)
    const echoed = await answered(says({ [token]: true }))
    expect(JSON.stringify(echoed)).not.toContain(token)
  })

  test.each<[string, Scripted, RegExp]>([
    ['an absent result', { body: '{"decision_id": "1"}' }, /undefined/],
    ['null', says(null), /"result" is null/],
    ['a word', says('true'), /"result" is "true".*is right/],
    ['one', says(1), /"result" is 1/],
    ['an empty object', says({}), /"result" is \{\}/],
    ['allow as a word', says({ allow: 'yes' }), /is right/],
    ['a package with more in it', says({ allow: true, deny: ['x'] }), /is right/],
    ['reasons that are no list', says({ allow: true, reasons: 'fine' }), /is right/],
    ['a list', { body: '[{"result": true}]' }, /the answer is \[/],
    ['no JSON', { body: 'yes' }, /no JSON/],
    ['nothing', { body: '' }, /no JSON/],
    ['500', { status: 500, body: '{"result": true}' }, /answered 500, expected 200/],
    ['201', { status: 201, body: '{"result": true}' }, /answered 201/],
    ['401', { status: 401, body: '' }, /check the token/],
    ['404', { status: 404, body: '{"result": true}' }, /check the path/],
    ['a redirect', { status: 307, headers: { location: '/v1' }, body: '' }, /redirects are not followed/],
    ['too much', { body: `{"result": true, "x": "${'x'.repeat(70_000)}"}` }, /larger than 65536 bytes/],
  ])('gives no verdict on %s', async (_, answer, problem) => {
    expect(await answered(answer)).toEqual({ kind: 'none', problem: expect.stringMatching(problem) })
  })

  test('waits no longer than it may', async () => {
    expect(await answered('silent', 150)).toEqual({
      kind: 'none',
      problem: 'no whole answer came within 150 ms',
    })
  })

  test('makes reasons fit to be kept and shown', async () => {
    const reasons = ['two\nlines\u0000', '\ud800half', 'x'.repeat(2_000)]
    const answer = await answered(says({ allow: false, reasons }))
    expect(answer).toMatchObject({ kind: 'deny' })
    const kept = answer.kind === 'none' ? [] : answer.reasons
    expect(kept[0]).toBe('two lines')
    expect(kept.every((reason) => reason.isWellFormed() && reason.length <= 501)).toBe(true)
  })
})

describe.skipIf(whyNoOpa !== null)(`an engine over HTTP, before OPA itself${whyNoOpa ?? ''}`, () => {
  let real: Awaited<ReturnType<typeof startOpa>>
  beforeAll(async () => {
    real = await startOpa(policyForTests)
  })
  afterAll(() => real.close())
  const at = (path: string) => ({
    url: `${real.address}/v1/data/infrasage/${path}`,
    token: null,
    timeoutMs: 2_000,
  })
  policyEngineContract(() => ({
    engine: httpEngine,
    access: () => at('verdict'),
    undefinedDocument: () => at('nothing'),
    nowhere,
    heard: () => null,
  }))

  test('the policy of the documentation says what is written there', async () => {
    const [, policy = ''] = /```rego\n([\s\S]*?)```/.exec(readFileSync('docs/policy.md', 'utf8')) ?? []
    const documented = await startOpa(policy)
    const access = { url: `${documented.address}/v1/data/infrasage/verdict`, token: null, timeoutMs: 2_000 }
    const ask = (question: EngineQuestion) =>
      httpEngine.judge(question, access, { privateHosts: ['127.0.0.1'] })
    try {
      const production = questionIn('production')
      expect(await ask(production)).toEqual({ kind: 'allow', reasons: [] })
      const wide = production.actions.map((action) => ({ ...action, after: 40, jurisdiction: 'US' }))
      const restricted = [{ ...production.workload, dataClassification: 'restricted' }]
      const byRule = [{ kind: 'rule' as const, name: 'night-rises' }]
      const wrong = { ...production, actions: wide, touched: restricted, approvers: byRule }
      expect(await ask(wrong)).toEqual({
        kind: 'deny',
        reasons: [
          'people decide on production, not rules',
          'production grows by at most eight replicas at once',
          'restricted data stays in the EU',
        ],
      })
      const later = JSON.parse(JSON.stringify(production).replace('policy-input/1', 'policy-input/9'))
      expect(await ask(later)).toMatchObject({ kind: 'deny', reasons: [expect.stringContaining('format')] })
    } finally {
      await documented.close()
    }
  })
})
