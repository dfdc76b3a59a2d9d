import { authorise, type Verb } from '../../kernel/context.ts'
import type { Db, Prisma } from '../../kernel/db.ts'
import { parseInput } from '../../kernel/parse.ts'
import type { RuleSet } from '../../plan/contract.ts'
import { heldAgainst, refusals } from '../../plan/index.ts'
import { storedContent } from '../stored.ts'
import { type BackTest, type BackTestInput, type BackTestRow, backTestInput } from './contract.ts'
import { openPastWorld, type PastWorld } from './past-world.ts'
import { newestDraft, ruleSetInForce, storedRules } from './stored-rules.ts'

const dayMs = 24 * 3_600_000
/** More proposals than this are not looked at, nor more rows given back; the answer says how many were left. */
const mostProposals = 1_000
const mostRows = 100
const batch = 50

/**
 * Holds rules against what was proposed in the past days: each proposal as it was sent, where it was overridden, and as it was
 * made otherwise; with the pools and prices it was made with, what was spent and changed by then, and whoever shared a limit.
 * Says which would have been refused or flagged, and what the nearest plan that complies would have cost or saved. Changes
 * nothing.
 */
export async function backTest({ ctx, input }: Verb<BackTestInput>): Promise<BackTest> {
  authorise(ctx, 'policy.read')
  const { rules: given, days } = parseInput(backTestInput, input, 'back-test')
  const { db } = ctx
  const inForce = await ruleSetInForce(db)
  const draft = given ? null : await newestDraft(db)
  const rules = given ?? (draft ? storedRules(draft.rules) : inForce.rules)
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - days * dayMs)
  const rows = await rowsOf(db, { version: inForce.version + 1, rules }, { from, to })
  const total = await db.proposal.count({ where: { createdAt: { gte: from, lte: to } } })
  const gravity = { refused: 0, waiver: 1, flagged: 2 }
  const found = rows.found.toSorted((a, b) => gravity[a.verdict] - gravity[b.verdict] || b.number - a.number)
  const count = (verdict: BackTestRow['verdict']) => found.filter((row) => row.verdict === verdict).length
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    checked: rows.checked,
    left: Math.max(0, total - rows.checked),
    refused: count('refused'),
    waiver: count('waiver'),
    flagged: count('flagged'),
    usd: found.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    rows: found.slice(0, mostRows),
    rowsLeft: Math.max(0, found.length - mostRows),
  }
}

const include = {
  workload: true,
  decisions: {
    orderBy: { number: 'desc' },
    take: 1,
    select: {
      kind: true,
      sent: true,
      dispatch: { select: { appliedAt: true } },
    },
  },
} satisfies Prisma.ProposalInclude
type PastProposal = Prisma.ProposalGetPayload<{ include: typeof include }>

/** The newest proposals of the span in batches, because each carries its whole evidence. */
async function rowsOf(
  db: Db,
  ruleSet: RuleSet,
  span: { from: Date; to: Date },
): Promise<{ checked: number; found: BackTestRow[] }> {
  const where = { createdAt: { gte: span.from, lte: span.to } }
  const touched = await db.proposal.findMany({ where, select: { touchedWorkloadIds: true } })
  const ids = [...new Set(touched.flatMap(({ touchedWorkloadIds }) => touchedWorkloadIds))]
  const world = await openPastWorld(db, ruleSet, ids, span)
  const found: BackTestRow[] = []
  let checked = 0
  for (let before: number | undefined; checked < mostProposals; ) {
    const proposals = await db.proposal.findMany({
      where: { ...where, ...(before === undefined ? {} : { number: { lt: before } }) },
      orderBy: { number: 'desc' },
      take: Math.min(batch, mostProposals - checked),
      include,
    })
    found.push(...proposals.flatMap((proposal) => rowOf(proposal, world)))
    checked += proposals.length
    before = proposals.at(-1)?.number
    if (proposals.length < batch) break
  }
  return { checked, found }
}

function rowOf(proposal: PastProposal, past: PastWorld): BackTestRow[] {
  const { workload, touchedWorkloadIds, createdAt } = proposal
  const { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds } = workload
  const decision = proposal.decisions[0]
  const content = storedContent(proposal.content)
  const { unit } = content.evidence.forecast
  const { actions } = decision?.sent ? storedContent(decision.sent) : content
  const { results, made, instead, nearest } = heldAgainst(content, {
    actions,
    workload: { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds, unit },
    world: past.at(createdAt, touchedWorkloadIds),
    now: createdAt.toISOString(),
  })
  const broken = results.filter(({ passed }) => !passed)
  if (broken.length === 0) return []
  const hard = refusals(broken).some(({ enforcement }) => enforcement === 'hard-mandatory')
  const appliedAt = decision?.dispatch?.appliedAt ?? null
  const usdPerHour = instead.costPerHourUsd - made.costPerHourUsd
  const stoodMs = appliedAt && past.nextChange(id, appliedAt).getTime() - appliedAt.getTime()
  const verdict = hard ? 'refused' : refusals(broken).length > 0 ? 'waiver' : 'flagged'
  return [
    {
      proposalId: proposal.id,
      number: proposal.number,
      summary: proposal.summary,
      workload: { name, title },
      at: createdAt.toISOString(),
      verdict,
      rules: broken.map(({ name: called, rule, enforcement, message }) => ({
        name: called ?? rule,
        kind: rule,
        enforcement,
        message,
      })),
      outcome: decision?.kind === 'override' ? 'overridden' : proposal.state,
      applied: appliedAt !== null,
      nearest: nearest?.label ?? null,
      usdPerHour,
      carbonGPerHour: instead.carbonGPerHour - made.carbonGPerHour,
      sloRisk: instead.sloRisk === null || made.sloRisk === null ? null : instead.sloRisk - made.sloRisk,
      usd: stoodMs === null ? null : (usdPerHour * stoodMs) / 3_600_000,
    },
  ]
}
