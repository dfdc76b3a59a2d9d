import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import type { Db } from '../../kernel/db.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import {
  approve,
  getPolicyEngine,
  getProposal,
  redeem,
  removePolicyEngine,
  setPolicyEngine,
  transactAsked,
} from '../index.ts'
import type { SetPolicyEngineInput } from '../policy-engine/contract.ts'
import { startOpaStandIn } from './opa-stand-in.ts'
import { createScene, seenOf } from './scene.ts'

/** A workload with a proposal, people, and an engine in force that a stand-in answers for. */
export type EngineScene = Awaited<ReturnType<typeof createEngineScene>>

async function createEngineScene(db: Db) {
  const opa = await startOpaStandIn()
  const scene = await createScene(db)
  const admin = await scene.person('admin')
  const ann = await scene.person('operator')
  const ben = await scene.person('operator')

  const set = async (change: Partial<SetPolicyEngineInput> = {}) => {
    const { version } = await getPolicyEngine({ ctx: admin })
    const kept = { url: opa.url, token: null, timeoutMs: 5_000, reason: 'for a test', basedOn: version }
    return setPolicyEngine({ ctx: admin, input: { ...kept, ...change } })
  }
  await set()
  const proposal = await scene.propose(10)
  const current = (id = proposal.id) => getProposal({ ctx: scene.system, input: { id } })
  return {
    ...{ db, opa, scene, admin, ann, ben, proposal, set, current },
    /** Answers nothing to the next question, which is not waited for long. */
    silence: async () => {
      await set({ timeoutMs: 150 })
      opa.answers.push('silent')
    },
    remove: async () =>
      removePolicyEngine({
        ctx: admin,
        input: { reason: 'no more', basedOn: (await getPolicyEngine({ ctx: admin })).version },
      }),
    yes: async (ctx = ann, more = {}) => approve({ ctx, input: { ...seenOf(await current()), ...more } }),
    asked: () => opa.heard.map(({ body }) => JSON.parse(body).input),
    redeemNow: (decisionId: string) =>
      transactAsked(scene.system, (tx, by) =>
        redeem({
          ctx: scene.system,
          tx,
          input: { decisionId, observed: [{ targetId: scene.targetId, observedVersion: '7' }] },
          asked: by,
        }),
      ),
  }
}

/** Gives each test of a file a scene of its own, in one database. */
export function eachEngineScene(take: (scene: EngineScene) => void): void {
  let database: TestDatabase
  let stop: () => Promise<void>
  beforeAll(async () => {
    vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
    database = await createTestDatabase()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await database.dispose()
  })
  beforeEach(async () => {
    const made = await createEngineScene(database.db)
    stop = () => made.opa.close()
    take(made)
  })
  afterEach(() => stop())
}
