import { authorise, type Verb } from '../../kernel/context.ts'
import type { Db, Prisma } from '../../kernel/db.ts'
import { parseInput } from '../../kernel/parse.ts'
import type { PolicyResult, Rule } from '../../plan/contract.ts'
import { heldAgainst, refusals } from '../../plan/index.ts'
import { storedContent } from '../stored.ts'
import { type BackTest, type BackTestInput, type BackTestRow, backTestInput } from './contract.ts'
import { differencesOf } from './differences.ts'
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
 * Says which would have been refused or flagged by what the rules change of those in force (by any of them, where they change
 * nothing), what the nearest plan that complies would have cost or saved, and which would no longer be refused. Changes nothing.
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
  const differences = differencesOf(inForce.rules, rules)
  const held: Held = {
    version: inForce.version + 1,
    rules,
    changed: differences.length > 0 ? new Set(differences.map(({ name }) => name)) : null,
    gone: differences.flatMap(({ before }) => before ?? []),
  }
  const rows = await rowsOf(db, held, { from, to })
  const total = await db.proposal.count({ where: { createdAt: { gte: from, lte: to } } })
  const gravity = { refused: 0, waiver: 1, flagged: 2, released: 3 }
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
    released: count('released'),
    usd: found.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    rows: found.slice(0, mostRows),
    rowsLeft: Math.max(0, found.length - mostRows),
  }
}

/** Rules to be tried, beside those in force. */
type Held = {
  version: number
  rules: Rule[]
  /** Names of those that are not in force as they are; null where all are. */
  changed: ReadonlySet<string> | null
  /** Those in force that the tried ones leave out, or say otherwise. */
  gone: Rule[]
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
  held: Held,
  span: { from: Date; to: Date },
): Promise<{ checked: number; found: BackTestRow[] }> {
  const where = { createdAt: { gte: span.from, lte: span.to } }
  const touched = await db.proposal.findMany({ where, select: { touchedWorkloadIds: true } })
  const ids = [...new Set(touched.flatMap(({ touchedWorkloadIds }) => touchedWorkloadIds))]
  const all = { version: held.version, rules: [...held.rules, ...held.gone] }
  const world = await openPastWorld(db, all, ids, span)
  const found: BackTestRow[] = []
  let checked = 0
  for (let before: number | undefined; checked < mostProposals; ) {
    const proposals = await db.proposal.findMany({
      where: { ...where, ...(before === undefined ? {} : { number: { lt: before } }) },
      orderBy: { number: 'desc' },
      take: Math.min(batch, mostProposals - checked),
      include,
    })
    found.push(...proposals.flatMap((proposal) => rowOf(proposal, world, held)))
    checked += proposals.length
    before = proposals.at(-1)?.number
    if (proposals.length < batch) break
  }
  return { checked, found }
}

function rowOf(proposal: PastProposal, past: PastWorld, held: Held): BackTestRow[] {
  const { workload, touchedWorkloadIds, createdAt } = proposal
  const { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds } = workload
  const decision = proposal.decisions[0]
  const content = storedContent(proposal.content)
  const { unit } = content.evidence.forecast
  const { actions } = decision?.sent ? storedContent(decision.sent) : content
  const world = past.at(createdAt, touchedWorkloadIds)
  const against = (rules: Rule[]) =>
    heldAgainst(content, {
      actions,
      workload: { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds, unit },
      world: { ...world, ruleSet: { version: held.version, rules } },
      now: createdAt.toISOString(),
    })
  const { results, made, instead, nearest } = against(held.rules)
  const counts = ({ name: called = '' }: PolicyResult) => held.changed === null || held.changed.has(called)
  const broken = results.filter((result) => !result.passed && counts(result))
  const appliedAt = decision?.dispatch?.appliedAt ?? null
  const told = {
    proposalId: proposal.id,
    number: proposal.number,
    summary: proposal.summary,
    workload: { name, title },
    at: createdAt.toISOString(),
    outcome: decision?.kind === 'override' ? 'overridden' : proposal.state,
    applied: appliedAt !== null,
  }
  if (broken.length === 0) {
    if (held.gone.length === 0 || refusals(results).length > 0) return []
    const lifted = refusals(against(held.gone).results)
    if (lifted.length === 0) return []
    const rules = lifted.map(ruleOf)
    const same = { nearest: null, usdPerHour: 0, carbonGPerHour: 0, sloRisk: null, usd: null }
    return [{ ...told, verdict: 'released', rules, ...same }]
  }
  const hard = refusals(broken).some(({ enforcement }) => enforcement === 'hard-mandatory')
  const usdPerHour = instead.costPerHourUsd - made.costPerHourUsd
  const stoodMs = appliedAt && past.nextChange(id, appliedAt).getTime() - appliedAt.getTime()
  const verdict = hard ? 'refused' : refusals(broken).length > 0 ? 'waiver' : 'flagged'
  return [
    {
      ...told,
      verdict,
      rules: broken.map(ruleOf),
      nearest: nearest?.label ?? null,
      usdPerHour,
      carbonGPerHour: instead.carbonGPerHour - made.carbonGPerHour,
      sloRisk: instead.sloRisk === null || made.sloRisk === null ? null : instead.sloRisk - made.sloRisk,
      usd: stoodMs === null ? null : (usdPerHour * stoodMs) / 3_600_000,
    },
  ]
}

const ruleOf = ({ name, rule, enforcement, message }: PolicyResult) => ({
  name: name ?? rule,
  kind: rule,
  enforcement,
  message,
})
