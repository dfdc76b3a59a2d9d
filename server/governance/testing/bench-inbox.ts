import type { Context } from '../../kernel/context.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import type { ProposalQuery } from '../contract.ts'
import { countProposals, getProposal, listProposals, previewOverride } from '../index.ts'
import { fillProposals, fillWorkloads } from './fill-inbox.ts'
import { createScene } from './scene.ts'

/** Measures the inbox with 10,000 proposals that wait among 100,000 that were decided: `npm run bench:inbox`. */

const waiting = 10_000
const decided = 100_000
const workloads = 100
const rounds = 30

function report(name: string, wallMs: number[], cpuMs: number): void {
  const sorted = [...wallMs].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  console.log(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${(cpuMs / wallMs.length).toFixed(1)} |`)
}

async function measured(name: string, run: () => Promise<unknown>): Promise<void> {
  await run()
  const walls: number[] = []
  const cpu = process.cpuUsage()
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    await run()
    walls.push(performance.now() - start)
  }
  const { user, system } = process.cpuUsage(cpu)
  report(name, walls, (user + system) / 1_000)
}

async function lastPage(ctx: Context, query: ProposalQuery): Promise<string> {
  let cursor = ''
  for (let page = await listProposals({ ctx, input: query }); page.nextCursor; ) {
    cursor = page.nextCursor
    page = await listProposals({ ctx, input: { ...query, cursor } })
  }
  return cursor
}

async function bench(db: Db): Promise<void> {
  const scene = await createScene(db)
  const proposal = await scene.propose(10)
  const ctx = scene.system
  const operator = await scene.person('operator')
  await fillWorkloads(db, workloads)
  await fillProposals(db, proposal.id, waiting - 1, 'waiting')
  await fillProposals(db, proposal.id, decided, 'rejected')
  const bytes = JSON.stringify(proposal.content).length
  console.log(
    `${waiting} waiting, ${decided} decided, ${workloads} workloads, a plan has ${bytes} characters\n`,
  )
  console.log('| request | p50 ms | p95 ms | CPU of the server, ms |\n|---|---|---|---|')
  const inbox: ProposalQuery = { state: ['waiting'], snoozed: 'leave-out', sort: 'waitingCost', limit: 200 }
  const list = (change: ProposalQuery) => () => listProposals({ ctx, input: { ...inbox, ...change } })
  const all = performance.now()
  const cursor = await lastPage(ctx, inbox)
  const seconds = (performance.now() - all) / 1_000
  await measured('first 200 by what waiting costs', list({}))
  await measured('last 200 of 10,000', list({ cursor }))
  await measured('first 200 by deadline', list({ sort: 'actBy' }))
  await measured('falls alone', list({ change: 'down' }))
  await measured('words in 10,000', list({ search: 'service-77' }))
  await measured('words that none has', list({ search: 'no such words' }))
  await measured('everything, newest first', list({ state: undefined, sort: 'createdAt', order: 'desc' }))
  await measured('how many wait', () => countProposals({ ctx }))
  await measured('one proposal', () => getProposal({ ctx, input: { id: proposal.id } }))
  await measured('an override, recomputed', () =>
    previewOverride({ ctx: operator, input: { proposalId: proposal.id, toReplicas: 12 } }),
  )
  console.log(`\nAll 10,000, page by page: ${seconds.toFixed(2)} s`)
}

await withThrowawayDatabase(async (appUrl) => {
  const db = createDb(appUrl)
  try {
    await bench(db)
  } finally {
    await db.$disconnect()
  }
}, false)
