import { createDb } from '../../kernel/db.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { attackLog } from './attack-log.ts'

/** Attacks the log as superuser and fails if one attack goes unseen: `npm run check:tamper -- [attacks] [seed]`. */

const attacks = Number(process.argv[2] ?? 500)
const seed = Number(process.argv[3] ?? 1)

await withThrowawayDatabase(async (appUrl, { ownerUrl, superuserUrl }) => {
  const ctx = testContext({ db: createDb(appUrl) })
  const superuser = new URL(superuserUrl)
  superuser.pathname = new URL(ownerUrl).pathname
  const tally = new Map<string, { made: number; server: number; alone: number; named: number }>()
  const unseen: string[] = []
  const installation = { ctx, ownerUrl, superuserUrl: superuser.href, size: 300 }
  for await (const { attack, server, serverSeq, alone } of attackLog(installation, attacks, seed)) {
    const row = tally.get(attack.kind) ?? { made: 0, server: 0, alone: 0, named: 0 }
    row.made += 1
    if (server) row.server += 1
    if (alone) row.alone += 1
    if (attack.touches === null || serverSeq === attack.touches) row.named += 1
    tally.set(attack.kind, row)
    if (!server || !alone) unseen.push(`${attack.kind}: ${attack.what}`)
  }
  process.stdout.write(
    '| attack | made | found by the server | by the verifier alone | named at its entry |\n',
  )
  process.stdout.write('| --- | --- | --- | --- | --- |\n')
  for (const [kind, row] of [...tally].sort()) {
    process.stdout.write(`| ${kind} | ${row.made} | ${row.server} | ${row.alone} | ${row.named} |\n`)
  }
  for (const each of unseen) process.stdout.write(`UNSEEN ${each}\n`)
  process.exitCode = unseen.length > 0 ? 1 : 0
  await ctx.db.$disconnect()
}, false)
