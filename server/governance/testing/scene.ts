import { randomUUID } from 'node:crypto'
import { manualClock } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/db.ts'
import type { Decision, DispatchState, LedgerEntry } from '../../kernel/generated/client.ts'
import type { Role } from '../../kernel/roles.ts'
import { transact } from '../../kernel/transact.ts'
import type { PlanContent, PolicyValues } from '../../plan/contract.ts'
import { recordObservation, replan } from '../../plan/index.ts'
import { forecastOf } from '../../plan/testing/plan-input.ts'
import {
  createTestPerson,
  rememberingQueue,
  type SentJob,
  testContext,
  testStart,
} from '../../runtime/testing/index.ts'
import { defaultHoldSeconds, type ProposalDetail, type Proposed } from '../contract.ts'
import { getProposal, propose, setPolicy, withdraw } from '../index.ts'
import { planInputNow } from '../world.ts'

export const scenePolicy: PolicyValues = {
  minReplicas: 2,
  maxReplicas: 40,
  maxStepUp: 10,
  maxStepDown: 10,
  costLimitPerHourUsd: 100,
  allowedRegions: ['eu-west'],
  penaltyRatio: 20,
  surgeProbability: 0.2,
  approvalLeadSeconds: 300,
  scaleDownCooldownSeconds: 600,
  carbonPriceUsdPerKg: 0,
  automationLevel: 'approve',
}

/**
 * A workload of its own: six replicas at $2 an hour, version "7" of its target, policy version 1, and a forecast that
 * doubles. Several scenes share a database without meeting. `start`: when it is there. `queue`: where its jobs go.
 */
export async function createScene(db: Db, start = testStart, queue = rememberingQueue()) {
  const clock = manualClock(start)
  const system = testContext({ db, clock, queue })
  const ids = {
    workloadId: randomUUID(),
    offeringId: randomUUID(),
    targetId: randomUUID(),
    forecastId: randomUUID(),
  }
  const name = `chat-${ids.workloadId.slice(0, 8)}`
  await createPlaces(db, ids, name)
  await createForecast(db, ids, system)
  await setPolicy({
    ctx: system,
    input: { workloadId: ids.workloadId, values: scenePolicy, basedOnVersion: 0, reason: 'first bounds' },
  })

  const observe = (desiredReplicas: number, version: string) =>
    transact(system, (tx) =>
      recordObservation(tx, {
        targetId: ids.targetId,
        desiredReplicas,
        readyReplicas: desiredReplicas,
        version,
        at: clock.now(),
      }),
    )
  await observe(6, '7')

  const planned = (toReplicas: number): Promise<PlanContent> =>
    transact(system, async (tx) => replan(await planInputNow(tx, system, ids.workloadId), toReplicas))
  const publish = async (content: PlanContent): Promise<Proposed> =>
    transact(system, (tx) =>
      propose({
        ctx: system,
        tx,
        input: { workloadId: ids.workloadId, forecastId: ids.forecastId, content },
      }),
    )

  return {
    ...ids,
    name,
    clock,
    system,
    jobs: queue.sent,
    observe,
    /** A plan for a set-point, as the planner would make it now. */
    planned,
    publish,
    withdraw: (reason: string) =>
      transact(system, (tx) => withdraw({ ctx: system, tx, input: { workloadId: ids.workloadId, reason } })),
    /** A waiting proposal for a set-point, as a person would see it. */
    propose: async (toReplicas = 10): Promise<ProposalDetail> => {
      const proposed = await publish(await planned(toReplicas))
      if (proposed.kind === 'held') throw new Error(proposed.reason)
      return getProposal({ ctx: system, input: { id: proposed.proposalId } })
    },
    person: async (...roles: Role[]): Promise<Context> => {
      const actor = await createTestPerson(db, ...roles)
      return testContext({ db, clock, queue, actor })
    },
    /** Lets the time pass in which an approval can be undone. */
    afterHold: () => clock.advance(defaultHoldSeconds * 1_000),
    setPolicy: (change: Partial<PolicyValues>, basedOnVersion = 1) =>
      setPolicy({
        ctx: system,
        input: {
          workloadId: ids.workloadId,
          values: { ...scenePolicy, ...change },
          basedOnVersion,
          reason: 'a change of bounds',
        },
      }),
    setPrice: (pricePerReplicaHourUsd: number) =>
      db.offering.update({ where: { id: ids.offeringId }, data: { pricePerReplicaHourUsd } }),
    /** Stands in for dispatch: the decision's row of the next stage. */
    dispatched: (decisionId: string, state: DispatchState) =>
      db.dispatch.upsert({
        where: { decisionId },
        create: { id: randomUUID(), decisionId, state, createdAt: clock.now(), updatedAt: clock.now() },
        update: { state },
      }),
    /** Stands in for the ledger: the decision's entry, as good as the autoscaler but for `change`. */
    accounted: async (decisionId: string, final: boolean, change: Judged = {}) => {
      const at = clock.now()
      const data = {
        ...{ workloadId: ids.workloadId, kind: 'approve' as const, who: 'Test operator (operator)' },
        ...{ summary: 'a test', from: at, until: at, final, figures: {}, violationVsReactiveMinutes: 0 },
        ...{ costVsReactiveUsd: 0, shortVsReactiveHours: 0, carbonVsReactiveG: 0, updatedAt: at },
        ...change,
      }
      await db.ledgerEntry.upsert({ where: { decisionId }, create: { decisionId, ...data }, update: data })
    },
    decisions: (proposalId: string): Promise<Decision[]> =>
      db.decision.findMany({ where: { proposalId }, orderBy: { number: 'asc' } }),
    /** Actions of the log about a proposal, oldest first. */
    logged: async (proposalId: string): Promise<string[]> => {
      const entries = await db.auditEntry.findMany({
        where: { subject: `proposal/${proposalId}` },
        orderBy: { seq: 'asc' },
      })
      return entries.map((entry) => entry.action)
    },
  }
}

type Judged = Partial<Pick<LedgerEntry, 'until' | 'costVsReactiveUsd' | 'violationVsReactiveMinutes'>>

export type Scene = Awaited<ReturnType<typeof createScene>>

/** Ids of the decisions that were sent to be dispatched. */
export function dispatchJobs(jobs: SentJob[]): string[] {
  return jobs.flatMap(({ name, data }) =>
    name === 'dispatch' && 'decisionId' in data ? [data.decisionId] : [],
  )
}

/** What a person sends back of the proposal that is on the screen. */
export function seenOf({ id, revision, contentHash }: ProposalDetail) {
  return { proposalId: id, revision, contentHash }
}

type Ids = { workloadId: string; offeringId: string; targetId: string; forecastId: string }

async function createPlaces(db: Db, { workloadId, offeringId, targetId }: Ids, name: string): Promise<void> {
  const createdAt = testStart
  await db.workload.create({
    data: {
      id: workloadId,
      name,
      title: `Chat ${name}`,
      kind: 'inference',
      environment: 'production',
      team: 'chat',
      dataClassification: 'internal',
      requiredSecurityTier: 2,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 2_000,
      createdAt,
    },
  })
  const place = {
    title: 'Aster Cloud, EU West',
    kind: 'cloud',
    region: 'eu-west',
    jurisdiction: 'EU',
  } as const
  await db.offering.create({
    data: {
      id: offeringId,
      hardwareClass: 'L40S',
      market: 'on_demand',
      pricePerReplicaHourUsd: 2,
      powerKw: 0.5,
      leadTimeP50Seconds: 120,
      leadTimeP90Seconds: 240,
      quotaReplicas: 60,
      createdAt,
      domain: {
        create: { ...place, id: randomUUID(), name, securityTier: 3, carbonGPerKwh: 200, createdAt },
      },
    },
  })
  await db.pool.create({
    data: {
      id: randomUUID(),
      capacityPerReplica: 10,
      createdAt,
      workload: { connect: { id: workloadId } },
      offering: { connect: { id: offeringId } },
      target: {
        create: {
          id: targetId,
          name,
          ref: { target: name },
          createdAt,
          connection: {
            create: { id: randomUUID(), name, adapter: 'sandbox', encryptedConfig: 'none', createdAt },
          },
        },
      },
    },
  })
}

async function createForecast(db: Db, { workloadId, forecastId }: Ids, { clock }: Context): Promise<void> {
  const forecast = forecastOf(Array.from({ length: 60 }, (_, i) => 50 + i))
  const shift = clock.now().getTime() - 60_000 - Date.parse(forecast.origin)
  const moved = (iso: string) => new Date(Date.parse(iso) + shift).toISOString()
  const snapshot = {
    ...forecast,
    workloadId,
    origin: moved(forecast.origin),
    leads: forecast.leads.map((lead) => ({ ...lead, at: moved(lead.at) })),
  }
  await db.forecast.create({
    data: {
      id: forecastId,
      workloadId,
      signal: snapshot.signal,
      origin: new Date(snapshot.origin),
      issuedAt: clock.now(),
      modelVersion: snapshot.modelVersion,
      stateHash: snapshot.stateHash,
      snapshot,
    },
  })
}
