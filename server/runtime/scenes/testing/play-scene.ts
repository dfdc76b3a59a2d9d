import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createConnection, getDispatch, observeTargets, runDispatch } from '../../../dispatch/index.ts'
import { allowLoopback } from '../../../dispatch/testing/allow-loopback.ts'
import { EngineCache } from '../../../forecast/index.ts'
import type { ProposalDetail } from '../../../governance/contract.ts'
import { approve, getProposal, listProposals } from '../../../governance/index.ts'
import { advance } from '../../../jobs/index.ts'
import { manualClock } from '../../../kernel/clock.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Db } from '../../../kernel/db.ts'
import { openSandbox, type World, writeBody } from '../../../sandbox/index.ts'
import { testScene } from '../../../sandbox/testing/scene.ts'
import type { SceneView } from '../../../scenes/contract.ts'
import { listScenes, startScene, stopScene } from '../../../scenes/index.ts'
import { decodeRemoteWrite, write } from '../../../telemetry/index.ts'
import { createTestPerson, testContext } from '../../testing/index.ts'

const token = 'a-token-for-this-test'
const stepSeconds = 15

/**
 * Starts a scene in a simulated cloud whose clock is ours: real Postgres, the sandbox behind its HTTP API, telemetry as remote
 * write carries it, the worker's own turns, people who decide, dispatches that read back. `scripts`: in place of the scenes that ship.
 */
export async function playScene(
  db: Db,
  scene: string,
  scripts?: Parameters<typeof openSandbox>[0]['scripts'],
) {
  allowLoopback()
  const clock = manualClock(new Date('2026-03-04T13:37:20Z'))
  const system = testContext({ db, clock })
  const operator = testContext({ db, clock, actor: await createTestPerson(db, 'operator') })
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-scene-'))
  const sandbox = await openSandbox({
    ...{ scene: testScene, folder, port: 0, token, clock, log: system.log },
    ...(scripts ? { scripts } : {}),
  })
  const access = { url: sandbox.url, token }
  await createConnection({ ctx: system, input: { name: 'sandbox', adapter: 'sandbox', config: access } })
  const start = () => startScene({ ctx: operator, input: { scene } }, access)
  const { workloads } = await start()
  const people = { clock, system, operator }
  const play = (entries: SceneView['workloads']) =>
    playRun(people, sandbox.stage.cloudOf(entries[0]?.name ?? '').world, entries)
  return {
    ...play(workloads),
    start,
    stop: () => stopScene({ ctx: operator, input: { scene } }, access),
    /** The newest run, after another start. */
    rejoin: async () => {
      const listing = await listScenes({ ctx: operator }, access)
      return play(listing.scenes.find(({ name }) => name === scene)?.workloads ?? [])
    },
    close: () => {
      sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type PlayedScene = Awaited<ReturnType<typeof playScene>>

type People = { clock: ReturnType<typeof manualClock>; system: Context; operator: Context }

function playRun({ clock, system, operator }: People, world: World, workloads: SceneView['workloads']) {
  const cache = new EngineCache(64 * 1_048_576)

  /** Sends what was measured, as the emitter would. */
  const send = async (): Promise<void> => {
    for (let batch = world.outbox.next(25_000); batch; batch = world.outbox.next(25_000)) {
      const series = await decodeRemoteWrite(await writeBody(batch.series))
      await write({ ctx: system, input: { series, source: 'remote_write' } })
      world.outbox.drop(batch)
      for (const { workload, part, at } of batch.taken) world.markSent(workload, part, at)
    }
  }
  /** One turn of the flow for each workload; what came of it, in words, by name. */
  const turn = async (): Promise<Record<string, string>> => {
    await observeTargets({ ctx: system })
    const outcomes: Record<string, string> = {}
    for (const { id, name } of workloads)
      outcomes[name] = (await advance({ ctx: system, input: { workloadId: id } }, cache)).outcome
    return outcomes
  }
  /** Lets time pass in steps, with a turn after each `turnEverySteps`. */
  const pass = async (seconds: number, turnEverySteps = 1): Promise<Record<string, string>> => {
    let outcomes: Record<string, string> = {}
    for (let step = 1; step <= Math.ceil(seconds / stepSeconds); step++) {
      clock.advance(stepSeconds * 1_000)
      world.advance()
      await send()
      if (step % turnEverySteps === 0) outcomes = await turn()
    }
    return outcomes
  }
  const waiting = async (): Promise<ProposalDetail[]> => {
    const { rows } = await listProposals({ ctx: operator, input: { state: ['waiting'] } })
    return Promise.all(rows.map(({ id }) => getProposal({ ctx: operator, input: { id } })))
  }
  return {
    system,
    operator,
    clock,
    world,
    workloads,
    pass,
    turn,
    send,
    /** Lets time pass in the simulated cloud alone. */
    quietly: async (seconds: number) => {
      clock.advance(seconds * 1_000)
      world.advance()
      await send()
    },
    waiting,
    /** A person approves; returns the decision. */
    approve: async ({ id, revision, contentHash }: ProposalDetail): Promise<string> => {
      const decision = await approve({ ctx: operator, input: { proposalId: id, revision, contentHash } })
      return decision.id
    },
    /** The worker carries a decision on; time passes until it is over. Returns the state. */
    carryOut: async (decisionId: string, atMostSeconds = 900): Promise<string> => {
      const dispatchCtx: Context = { ...system, actor: { kind: 'system', component: 'dispatch' } }
      for (let waited = 0; waited <= atMostSeconds; waited += stepSeconds) {
        await runDispatch({ ctx: dispatchCtx, input: { decisionId } })
        const dispatch = await getDispatch({ ctx: system, input: { decisionId } })
        if (dispatch && !['pending', 'dispatching', 'applied', 'unknown'].includes(dispatch.state))
          return dispatch.state
        await pass(stepSeconds, 2)
      }
      return 'unsettled'
    },
  }
}
