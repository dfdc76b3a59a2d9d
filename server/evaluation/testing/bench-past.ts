import { approve, backTest } from '../../governance/index.ts'
import { createScene, seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { getLedgerEntry, listLedger } from '../index.ts'

/** Measures the back-test of rules and the ledger over 10,000 past proposals, carried out: `npm run bench:past`. */

const past = 10_000
const workloads = 100
const rounds = 3

/** Copies one real proposal with its decision, dispatch and an entry of the ledger, over the past 29 days and all workloads. */
async function fill(db: Db, proposalId: string, decisionId: string): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Workload" SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid(),
      'name', 'service-' || i, 'title', 'Service ' || i))).*
    FROM "Workload" AS w CROSS JOIN generate_series(2, ${workloads}) AS i`
  await db.$executeRaw`
    CREATE TEMP TABLE made AS SELECT i, gen_random_uuid() AS proposal, gen_random_uuid() AS decision,
      (SELECT "id" FROM "Workload" ORDER BY "id" OFFSET i % ${workloads} LIMIT 1) AS workload,
      p."createdAt" - (i::float / ${past}) * interval '29 days' AS at
    FROM generate_series(1, ${past}) AS i, "Proposal" AS p WHERE p."id" = ${proposalId}::uuid`
  const number = `100 + ${past} - i`
  await copy(db, 'Proposal', proposalId, {
    ...{
      id: 'proposal',
      number,
      workloadId: 'workload',
      touchedWorkloadIds: 'ARRAY[workload]',
      createdAt: 'made.at',
    },
  })
  await copy(db, 'Decision', decisionId, {
    ...{ id: 'decision', number, proposalId: 'proposal', nonce: 'decision::text', at: 'made.at' },
  })
  await db.$executeRaw`
    INSERT INTO "Dispatch" ("id", "decisionId", "state", "createdAt", "appliedAt", "updatedAt")
    SELECT gen_random_uuid(), decision, 'verified', at, at + interval '1 minute', at FROM made`
  await db.$executeRaw`
    INSERT INTO "LedgerEntry" ("decisionId", "workloadId", "userId", "kind", "who", "summary", "from", "until", "final", "figures",
      "costVsReactiveUsd", "shortVsReactiveHours", "violationVsReactiveMinutes", "carbonVsReactiveG", "updatedAt")
    SELECT decision, workload, (SELECT "userId" FROM "Decision" WHERE "id" = ${decisionId}::uuid), 'approve', 'Ann', 'a rise',
      at, at + interval '4 hours', true, '{}', random() * 10, random(), random() * 9, random() * 100, at FROM made`
  await db.$executeRaw`ANALYZE`
}

/** A copy of one row for each that is to be made; columns that are not given are as they are, large ones without being unpacked. */
async function copy(db: Db, table: string, id: string, given: Record<string, string>): Promise<void> {
  const columns = await db.$queryRaw<{ name: string }[]>`
    SELECT column_name AS name FROM information_schema.columns WHERE table_name = ${table} AND table_schema = 'public'`
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  const values = columns.map(({ name }) => given[name] ?? `source."${name}"`).join(', ')
  await db.$executeRawUnsafe(
    `INSERT INTO "${table}" (${names}) SELECT ${values} FROM "${table}" AS source CROSS JOIN made WHERE source."id" = $1::uuid`,
    id,
  )
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
  const median = walls.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
  console.log(`| ${name} | ${median.toFixed(0)} | ${((user + system) / 1_000 / rounds).toFixed(0)} |`)
}

async function bench(db: Db): Promise<void> {
  const scene = await createScene(db)
  const proposal = await scene.propose(10)
  const decision = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
  await fill(db, proposal.id, decision.id)
  const ctx = scene.system
  const test = (limitUsd: number, more: object = {}) =>
    backTest({
      ctx,
      input: {
        rules: [{ name: 'cap', kind: 'cost-per-hour', enforcement: 'hard-mandatory', limitUsd, ...more }],
      },
    })
  const bytes = JSON.stringify(proposal.content).length
  const start = process.cpuUsage()
  const { checked, left, refused } = await test(16)
  const { user, system } = process.cpuUsage(start)
  const cold = ((user + system) / 1_000).toFixed(0)
  console.log(
    `${past} past proposals of ${workloads} workloads, a plan has ${bytes} characters; a back-test looks at ${checked} (${left} left), and refuses ${refused}; the first took ${cold} ms of CPU\n`,
  )
  console.log('| request | p50 ms | CPU of the server, ms |\n|---|---|---|')
  await measured('back-test, a rule that refuses', () => test(16))
  await measured('back-test, a rule that none breaks', () => test(1_000))
  await measured('back-test, a limit that all share', () => test(1_000, { per: 'environment' }))
  await measured('ledger, first 100 with all sums', () => listLedger({ ctx, input: {} }))
  await measured('ledger, 100 in the middle', () => listLedger({ ctx, input: { beforeNumber: past / 2 } }))
  const [row] = (await listLedger({ ctx, input: { beforeNumber: past / 2 } })).rows
  const workloadId = row?.workload.id
  await measured('ledger, one workload', () => listLedger({ ctx, input: { workloadId } }))
  await measured('ledger, one entry', () =>
    getLedgerEntry({ ctx, input: { decisionId: row?.decisionId ?? '' } }),
  )
}

await withThrowawayDatabase(async (appUrl) => {
  const db = createDb(appUrl)
  try {
    await bench(db)
  } finally {
    await db.$disconnect()
  }
}, false)
