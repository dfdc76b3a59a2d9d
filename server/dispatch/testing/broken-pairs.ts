import type { DecisionKindName } from '../../governance/contract.ts'
import type { AuditEntry, Db, Prisma } from '../../kernel/db.ts'

type Said = Pick<AuditEntry, 'seq' | 'stage' | 'action' | 'subject'> & { body: Record<string, unknown> }

type DispatchRow = Prisma.DispatchGetPayload<{ include: { receipts: true; actions: true } }>

/** The kind of decision that an entry `proposal.<event>` is of. */
const kindOf: Record<string, DecisionKindName> = {
  ...{ approve: 'approve', override: 'override', reject: 'reject', expire: 'expire', withdraw: 'expire' },
  ...{
    supersede: 'supersede',
    void: 'void',
    endorse: 'endorse',
    counter: 'counter',
    undo: 'undo',
    hold: 'hold',
  },
}

/** The state that a dispatch is in after an entry; entries that change none are not here. */
const stateAfter: Record<string, string> = {
  ...{ 'dispatch.started': 'dispatching', 'dispatch.sent': 'dispatching', 'dispatch.unknown': 'unknown' },
  ...{ 'dispatch.action-applied': 'dispatching', 'dispatch.applied': 'applied' },
  ...{ 'dispatch.verified': 'verified', 'dispatch.void': 'void', 'dispatch.failed': 'failed' },
  ...{ 'dispatch.rolling-back': 'rolling_back', 'dispatch.rolled-back': 'rolled_back' },
  'dispatch.given-up': 'failed',
}

/**
 * Every place where the log and the rows of proposals, decisions, policies and dispatches do not say the same, in words: a change
 * without its entry, an entry without its change, or one of them twice. Both ways, over the whole database; empty where all hold.
 */
export async function brokenPairs(db: Db): Promise<string[]> {
  const entries = (await db.auditEntry.findMany({ orderBy: { seq: 'asc' } })).map(
    ({ seq, stage, action, subject, canonical }): Said => ({
      ...{ seq, stage, action, subject },
      body: Object(JSON.parse(canonical).body),
    }),
  )
  return [
    ...(await proposalPairs(db, entries)),
    ...(await decisionPairs(db, entries)),
    ...(await policyPairs(db, entries)),
    ...(await dispatchPairs(db, entries)),
  ]
}

/** Ids that are on one side only, or on one side twice. */
function unpaired(what: string, rows: string[], said: string[]): string[] {
  const count = (ids: string[]) => {
    const times = new Map<string, number>()
    for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1)
    return times
  }
  const [inRows, inLog] = [count(rows), count(said)]
  return [...new Set([...rows, ...said])]
    .filter((id) => inRows.get(id) !== 1 || inLog.get(id) !== 1)
    .map((id) => `${what} ${id}: ${inRows.get(id) ?? 0} rows, ${inLog.get(id) ?? 0} entries`)
}

const idIn = ({ subject }: Said): string => subject.slice(subject.indexOf('/') + 1)

async function proposalPairs(db: Db, entries: Said[]): Promise<string[]> {
  const proposals = await db.proposal.findMany({ select: { id: true, state: true, revision: true } })
  const known = new Set(proposals.map(({ id }) => id))
  const about = entries.filter(({ subject }) => subject.startsWith('proposal/'))
  const created = about.filter(({ action }) => action === 'proposal.create').map(idIn)
  const moves = Map.groupBy(
    about.filter(({ body }) => typeof body.to === 'string' && body.decisionId !== undefined),
    idIn,
  )
  const inconsistent = proposals.flatMap(({ id, state, revision }) => {
    const own = moves.get(id) ?? []
    const last = own.at(-1)?.body.to ?? 'waiting'
    const raised = 1 + own.filter(({ action }) => action !== 'proposal.endorse').length
    if (last === state && raised === revision) return []
    return [`proposal ${id} is ${state} in revision ${revision}, and the log says ${last} in ${raised}`]
  })
  const strangers = about
    .filter((entry) => !known.has(idIn(entry)))
    .map(({ seq, subject }) => `entry ${seq} is about ${subject}, which is not there`)
  return [...unpaired('proposal', [...known], created), ...inconsistent, ...strangers]
}

async function decisionPairs(db: Db, entries: Said[]): Promise<string[]> {
  const decisions = await db.decision.findMany({
    select: { id: true, kind: true, nonce: true, contentHash: true, usedAt: true },
  })
  const kinds = new Map(decisions.map((decision) => [decision.id, decision]))
  const made = entries.filter(({ action, body }) => action.startsWith('proposal.') && 'decisionId' in body)
  const redeemed = entries.filter(({ action }) => action === 'approval.redeem')
  const other = [...made, ...redeemed].flatMap(({ seq, action, body }) => {
    const row = kinds.get(String(body.decisionId))
    const kind = kindOf[action.slice('proposal.'.length)]
    const sameKind = action === 'approval.redeem' || kind === row?.kind
    const same = sameKind && body.nonce === row?.nonce && body.contentHash === row?.contentHash
    return row === undefined || same
      ? []
      : [`entry ${seq} says another thing of decision ${row.id} than its row`]
  })
  const named = (list: Said[]) => list.map(({ body }) => String(body.decisionId))
  const used = decisions.filter(({ usedAt }) => usedAt !== null).map(({ id }) => id)
  return [
    ...unpaired('decision', [...kinds.keys()], named(made)),
    ...unpaired('redemption of decision', used, named(redeemed)),
    ...other,
  ]
}

async function policyPairs(db: Db, entries: Said[]): Promise<string[]> {
  const policies = await db.workloadPolicy.findMany({ select: { workloadId: true, version: true } })
  const set = entries.filter(({ action }) => action === 'policy.set')
  return unpaired(
    'policy',
    policies.map(({ workloadId, version }) => `${workloadId}, version ${version},`),
    set.map((entry) => `${idIn(entry)}, version ${entry.body.version},`),
  )
}

async function dispatchPairs(db: Db, entries: Said[]): Promise<string[]> {
  const rows = await db.dispatch.findMany({ include: { receipts: true, actions: true } })
  const about = entries.filter(
    ({ stage, subject }) => stage === 'dispatch' && subject.startsWith('decision/'),
  )
  const own = Map.groupBy(about, ({ body }) => String(body.dispatchId))
  const strangers = about.flatMap(({ seq, subject, body }) => {
    const there = rows.some(
      ({ id, decisionId }) => id === body.dispatchId && subject === `decision/${decisionId}`,
    )
    return there
      ? []
      : [`entry ${seq} is about dispatch ${body.dispatchId} of ${subject}, which is not there`]
  })
  const taken = rows.filter(({ attempts }) => attempts > 0).map(({ id }) => id)
  const saidTaken = about
    .filter(({ action }) => action === 'dispatch.taken')
    .map(({ body }) => `${body.dispatchId}`)
  return [
    ...strangers,
    ...unpaired('dispatch', taken, saidTaken),
    ...rows.flatMap((row) => differences(row, own.get(row.id) ?? [])),
  ]
}

/** What the log says another way of a dispatch than its rows. */
function differences(row: DispatchRow, said: Said[]): string[] {
  const times = (...actions: string[]) => said.filter(({ action }) => actions.includes(action)).length
  const sent = (step: string) =>
    row.receipts.filter((one) => one.step === step && one.outcome === 'sent').length
  const states = said.flatMap(({ action, body }) => {
    const reopened = ['dispatch.redriven', 'dispatch.asked-back'].includes(action)
      ? String(body.to)
      : undefined
    return reopened ?? stateAfter[action] ?? []
  })
  const pairs: [what: string, inRows: unknown, inLog: unknown][] = [
    ['state', row.state, states.at(-1) ?? 'pending'],
    ['writes sent', sent('apply'), times('dispatch.sent')],
    ['writes sent to take back', sent('undo'), times('dispatch.undo-sent')],
    [
      'actions applied',
      row.actions.filter(({ appliedAt }) => appliedAt !== null).length,
      times('dispatch.applied', 'dispatch.action-applied'),
    ],
    [
      'actions taken back',
      row.actions.filter(({ takenBackAt }) => takenBackAt !== null).length,
      times('dispatch.action-undone'),
    ],
    ['verified', Number(row.verifiedAt !== null), times('dispatch.verified')],
  ]
  return pairs
    .filter(([, inRows, inLog]) => inRows !== inLog)
    .map(([what, inRows, inLog]) => `dispatch ${row.id}: ${what} ${inRows} in the rows, ${inLog} in the log`)
}
