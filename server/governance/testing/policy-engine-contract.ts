import { expect, test } from 'vitest'
import { InvalidInputError } from '../../kernel/errors.ts'
import type { EngineAnswer, EngineQuestion } from '../policy-engine/contract.ts'
import type { EngineAccess, PolicyEngine } from '../policy-engine/engine.ts'
import { sampleQuestion } from '../policy-engine/sample.ts'

/** An engine under test. */
export type PolicyEngineBench = {
  engine: PolicyEngine
  /**
   * Where it is asked for its verdict, with a token that it is given. It allows what stays in `staging`; it denies production for the
   * reason "production is closed", and changes by a rule without any reason.
   */
  access: () => EngineAccess
  /** Where it knows of no policy. */
  undefinedDocument: () => EngineAccess
  /** Where nothing listens. */
  nowhere: () => EngineAccess
  /** Every question that reached it, as it was sent; null where it cannot be told. */
  heard: () => unknown[] | null
}

const surroundings = { privateHosts: ['127.0.0.1'] }

/** A question about two replicas more in an environment, that these people said yes to. */
export function questionIn(environment: string, change: Partial<EngineQuestion> = {}): EngineQuestion {
  const workload = { ...sampleQuestion.workload, environment }
  return { ...sampleQuestion, workload, touched: [workload], ...change }
}

/** What every policy engine promises; run it inside a `describe` of its own. */
export function policyEngineContract(bench: () => PolicyEngineBench): void {
  const ask = (question: EngineQuestion, access = bench().access()): Promise<EngineAnswer> =>
    bench().engine.judge(question, access, surroundings)

  test('allows what its policy allows', async () => {
    expect(await ask(questionIn('staging'))).toMatchObject({ kind: 'allow' })
  })

  test('denies what its policy denies, with the reasons', async () => {
    expect(await ask(questionIn('production'))).toEqual({ kind: 'deny', reasons: ['production is closed'] })
  })

  test('denies without a reason too', async () => {
    const byRule = questionIn('staging', { approvers: [{ kind: 'rule', name: 'night-rises' }] })
    expect(await ask(byRule)).toEqual({ kind: 'deny', reasons: [] })
  })

  test('sends the question as it is, and the same one in the same bytes', async () => {
    const question = questionIn('staging', { confidence: 0.1 + 0.2 })
    const reversed = Object.fromEntries(Object.entries(question).reverse())
    await ask(question)
    await ask({ ...question, ...reversed })
    const heard = bench().heard()
    if (heard === null) return
    expect(heard.at(-1)).toEqual({ input: question })
    expect(JSON.stringify(heard.at(-1))).toBe(JSON.stringify(heard.at(-2)))
  })

  test('gives no verdict where there is no policy, and says what to look at', async () => {
    const answer = await ask(questionIn('staging'), bench().undefinedDocument())
    expect(answer).toMatchObject({ kind: 'none', problem: expect.stringMatching(/path/) })
  })

  test('gives no verdict where nothing listens', async () => {
    expect(await ask(questionIn('staging'), bench().nowhere())).toMatchObject({ kind: 'none' })
  })

  test('is not asked at a private address that is not listed', async () => {
    const before = bench().heard()?.length
    const answer = await bench().engine.judge(questionIn('staging'), bench().access(), { privateHosts: [] })
    expect(answer).toMatchObject({ kind: 'none', problem: expect.stringMatching(/private address/) })
    expect(bench().heard()?.length).toBe(before)
  })

  test('names an address that cannot be asked', () => {
    const access = { token: null, timeoutMs: 1_000 }
    for (const url of [
      'opa',
      'ftp://opa.example/v1',
      'http://169.254.169.254/v1/data',
      'https://a:b@opa.example/',
    ])
      expect(() => bench().engine.requireUsable({ ...access, url })).toThrow(InvalidInputError)
  })
}
