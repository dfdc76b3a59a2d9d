import { setTimeout as delay } from 'node:timers/promises'
import { cpuMeter } from '../../dispatch/testing/bench-cpu.ts'
import { type Measured, printHead, printRow, used } from '../../dispatch/testing/bench-table.ts'
import {
  connectCluster,
  createDeploymentScene,
  type Deployments,
  deploymentsOf,
} from '../../dispatch/testing/deployments.ts'
import { withCluster } from '../../dispatch/testing/with-cluster.ts'
import { defaultHoldSeconds } from '../../governance/contract.ts'
import { approve } from '../../governance/index.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import type { QueueHost } from '../../kernel/queue.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { queueOn, workersOn } from './share-work.ts'

/**
 * What is approved, sent to pg-boss at once, and carried out by one, two and four of the product's own workers against the real
 * API server, beside everything else that they do: the second part of `npm run bench:dispatch`.
 */

const count = Number(process.env.INFRASAGE_BENCH_SHARED ?? 30)
/** For each worker, so that all of them have loaded what they need. */
const warmUpEach = 4
const mostMs = 60_000

/** Approved just now, all of them within the time after which a sweep would send their jobs by itself. */
async function decisions(db: Db, deployments: Deployments, connectionId: string, wanted: number) {
  const beforeHold = () => Date.now() - defaultHoldSeconds * 1_000
  const waiting = []
  for (let i = 0; i < wanted; i++) {
    const scene = await createDeploymentScene(db, deployments, connectionId, new Date(beforeHold() - 2_000))
    await scene.see()
    waiting.push({ scene, proposal: await scene.propose(10) })
  }
  const ids: string[] = []
  for (const { scene, proposal } of waiting) {
    scene.clock.advance(beforeHold() - scene.clock.now().getTime())
    ids.push((await approve({ ctx: scene.operator, input: seenOf(proposal) })).id)
  }
  return ids
}

/** Sends a job for each, in one transaction, and waits until all are applied. Returns how long each took since then, in milliseconds. */
async function carriedOut(db: Db, queue: QueueHost, decisionIds: string[]): Promise<number[]> {
  const sentAt = Date.now()
  await db.$transaction(async (tx) => {
    for (const decisionId of decisionIds)
      await queue.send(tx, 'dispatch', { decisionId }, { key: decisionId })
  })
  while (Date.now() - sentAt < mostMs) {
    const applied = await db.dispatch.findMany({
      where: { decisionId: { in: decisionIds }, appliedAt: { not: null } },
      select: { appliedAt: true },
    })
    if (applied.length === decisionIds.length)
      return applied.map(({ appliedAt }) => (appliedAt?.getTime() ?? 0) - sentAt)
    await delay(50)
  }
  throw new Error(`Not all were applied within ${mostMs / 1_000} s.`)
}

await withCluster(async ({ adminKubeconfig }) => {
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl)
    const queue = await queueOn(appUrl)
    const pool = workersOn(appUrl)
    const deployments = await deploymentsOf(adminKubeconfig)
    const connectionId = await connectCluster(db, adminKubeconfig)
    let one: Measured | null = null
    printHead(`${count} decisions sent to the queue at once; times are from then until applied`, 'one worker')
    for (const workers of [1, 2, 4]) {
      while (pool.workers.length < workers) await pool.start()
      await carriedOut(db, queue, await decisions(db, deployments, connectionId, warmUpEach * workers))
      const ids = await decisions(db, deployments, connectionId, count)
      const cpu = await cpuMeter(
        db,
        pool.workers.flatMap(({ child }) => child.pid ?? []),
      )
      const before = cpu()
      const eachMs = await carriedOut(db, queue, ids)
      const measured = { eachMs, wallMs: Math.max(...eachMs), cpu: used(before, cpu()) }
      printRow(`through pg-boss, ${workers} worker${workers > 1 ? 's' : ''}`, measured, one)
      one ??= measured
    }
    await pool.close()
    await queue.close()
    await db.$disconnect()
  })
})
