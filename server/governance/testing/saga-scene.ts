import { randomUUID } from 'node:crypto'
import type { Db } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import type { Action, PlanContent, Purpose } from '../../plan/contract.ts'
import { composeSaga, recordObservation } from '../../plan/index.ts'
import type { ProposalDetail } from '../contract.ts'
import { getProposal } from '../index.ts'
import { planInputNow } from '../world.ts'
import { createScene } from './scene.ts'

/** What a test lets a saga do: which pool, to what, in which stage. */
export type Part = { pool: 'cloud' | 'owned' | 'job'; to: number; stage?: number; kind?: Action['kind'] }

/** Owned capacity comes up first; what it takes over leaves the cloud when that stands. */
export const moveHome: Part[] = [
  { pool: 'owned', to: 8, stage: 0 },
  { pool: 'cloud', to: 4, stage: 1 },
]

/**
 * The scene of one workload with three pools: six replicas in the cloud at $2 (version "7"), four owned ones at $1 (version
 * "3"), and a job that runs (version "1").
 */
export async function createSagaScene(db: Db) {
  const scene = await createScene(db)
  const { workloadId, system, clock } = scene
  const cloud = await db.pool.findUniqueOrThrow({
    where: { targetId: scene.targetId },
    include: { offering: true, target: true },
  })
  const add = async (name: string, control: 'replicas' | 'run', pricePerReplicaHourUsd: number) => {
    const offering = await db.offering.create({
      data: {
        id: randomUUID(),
        domainId: cloud.offering.domainId,
        hardwareClass: name,
        market: 'owned',
        pricePerReplicaHourUsd,
        powerKw: 0.5,
        leadTimeP50Seconds: 30,
        leadTimeP90Seconds: 60,
        quotaReplicas: 20,
        createdAt: clock.now(),
      },
    })
    const target = `${scene.name}-${name}`
    return db.pool.create({
      data: {
        id: randomUUID(),
        capacityPerReplica: 10,
        control,
        priority: 1,
        createdAt: clock.now(),
        workload: { connect: { id: workloadId } },
        offering: { connect: { id: offering.id } },
        target: {
          create: {
            id: randomUUID(),
            name: target,
            ref: { target },
            createdAt: clock.now(),
            connectionId: cloud.target.connectionId,
          },
        },
      },
      include: { offering: true, target: true },
    })
  }
  const pools = { cloud, owned: await add('owned', 'replicas', 1), job: await add('job', 'run', 3) }
  const observeAt = (pool: Part['pool'], level: number, version: string) =>
    transact(system, (tx) =>
      recordObservation(tx, {
        targetId: pools[pool].targetId,
        desiredReplicas: level,
        readyReplicas: level,
        version,
        at: clock.now(),
      }),
    )
  await observeAt('owned', 4, '3')
  await observeAt('job', 1, '1')

  const actionOf = ({ pool, to, stage, kind = 'scale' }: Part): Action => {
    const { id, target, offering } = pools[pool]
    return {
      kind,
      ...(stage === undefined ? {} : { stage }),
      workloadId,
      poolId: id,
      targetId: target.id,
      targetName: target.name,
      domainName: scene.name,
      region: 'eu-west',
      hardwareClass: offering.hardwareClass,
      fromReplicas: 0,
      toReplicas: to,
    }
  }
  /** A saga as a planner would compose it now. */
  const plannedSaga = (
    parts: Part[],
    {
      purpose = 'migrate',
      direction = 'move',
      instead = [],
    }: { purpose?: Purpose; direction?: PlanContent['direction']; instead?: Part[] } = {},
  ): Promise<PlanContent> =>
    transact(system, async (tx) =>
      composeSaga(
        { own: await planInputNow(tx, system, workloadId), others: [] },
        {
          purpose,
          direction,
          actions: parts.map(actionOf),
          alternatives: instead.map((part) => ({
            kind: 'less',
            label: 'Instead',
            actions: [actionOf(part)],
          })),
          summary: `${scene.name}: ${purpose}`,
          reasons: ['A test asked for it.'],
          actBy: new Date(clock.now().getTime() + 600_000).toISOString(),
          expiresAt: new Date(clock.now().getTime() + 3_600_000).toISOString(),
        },
      ),
    )
  return {
    ...scene,
    pools,
    observeAt,
    plannedSaga,
    proposeSaga: async (
      parts: Part[] = moveHome,
      about: Parameters<typeof plannedSaga>[1] = {},
    ): Promise<ProposalDetail> => {
      const proposed = await scene.publish(await plannedSaga(parts, about))
      if (proposed.kind === 'held') throw new Error(proposed.reason)
      return getProposal({ ctx: system, input: { id: proposed.proposalId } })
    },
  }
}

export type SagaScene = Awaited<ReturnType<typeof createSagaScene>>
