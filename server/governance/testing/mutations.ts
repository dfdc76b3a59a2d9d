import { randomUUID } from 'node:crypto'
import { actorUserId, type Context } from '../../kernel/context.ts'
import type { Db, Prisma } from '../../kernel/db.ts'
import type { RuleInput } from '../../plan/contract.ts'
import type { DecisionDetail, ProposalDetail } from '../contract.ts'
import {
  endGlass,
  getRules,
  listGlass,
  publishRules,
  saveDraft,
  setPolicy,
  setPolicyEngine,
  setSwitch,
} from '../index.ts'
import { publishRulesOfApproval, teamOf } from './approvals.ts'
import { type Scene, scenePolicy } from './scene.ts'

/** What stands between an approval and its dispatch, and is to be changed under it. Everything happens in one transaction. */
export type Approved = {
  db: Db
  scene: Scene
  system: Context
  admin: Context
  approvers: Context[]
  proposal: ProposalDetail
  decision: DecisionDetail
  /** What the executor reads of the target just before it redeems; a mutation may change it. */
  observedVersion: string
  /** Which decision the executor is asked to carry out; a mutation may forge another one. */
  decisionId: string
}

/** One way of changing something between approval and dispatch. `says`: what the refusal has to name. */
export type Mutation = {
  name: string
  says: RegExp
  /** `pick`: a number that chooses among variants, by the seed. */
  make: (approved: Approved, pick: number) => Promise<void>
  /** It is about an approval under broken glass; others are about one by a person alone. */
  underGlass?: true
}

/** Puts one rule in force for the workload, by the real verbs. */
async function publishRule({ admin: ctx, scene }: Approved, rule: RuleInput): Promise<void> {
  const { version, draftNumber } = await getRules({ ctx })
  const rules = [{ ...rule, scope: { workload: scene.name } }]
  const saved = await saveDraft({ ctx, input: { rules, basedOnDraft: draftNumber } })
  await publishRules({ ctx, input: { ...saved, basedOnVersion: version, reason: 'a mutation' } })
}

const unequal = (pick: number, from: number, step = 1) => from + step * (1 + (pick % 7))

/** A copy of the approving decision with something else in it, as somebody with the database might put beside it. */
async function forge(
  approved: Approved,
  change: (row: Prisma.DecisionUncheckedCreateInput) => void,
): Promise<void> {
  const { db, decision } = approved
  const stored = await db.decision.findUniqueOrThrow({ where: { id: decision.id } })
  const { number: _, ...rest } = JSON.parse(JSON.stringify(stored))
  const row = { ...rest, id: randomUUID(), nonce: randomUUID() }
  for (const key of Object.keys(row)) if (row[key] === null) delete row[key]
  change(row)
  await db.decision.create({ data: row })
  approved.decisionId = row.id
}

type Actions = { actions: { toReplicas: number; targetId: string }[] }
const actionsIn = (value: unknown): Actions => Object(value)

export const mutations: Mutation[] = [
  {
    name: 'target version',
    says: /target was changed by somebody else: version 7 →/,
    make: async (approved, pick) => {
      approved.observedVersion = String(unequal(pick, 7))
    },
  },
  {
    name: 'policy version',
    says: /the policy moved: version 1 → 2/,
    make: async ({ system: ctx, scene: { workloadId } }, pick) => {
      const values = { ...scenePolicy, maxReplicas: 30 + (pick % 7) }
      await setPolicy({ ctx, input: { workloadId, values, basedOnVersion: 1, reason: 'a mutation' } })
    },
  },
  {
    name: 'price',
    says: /the price moved: \$2 per replica-hour →/,
    make: async ({ db, scene }, pick) => {
      const data = { pricePerReplicaHourUsd: unequal(pick, 2, 0.01) }
      await db.offering.update({ where: { id: scene.offeringId }, data })
    },
  },
  {
    name: 'plan bytes',
    says: /is not the one that was approved/,
    make: (approved, pick) =>
      forge(approved, (row) => {
        const [action] = actionsIn(row.seen).actions
        if (action) action.toReplicas = unequal(pick, action.toReplicas)
      }),
  },
  {
    name: 'bytes of the binding',
    says: /is not the one that was approved/,
    make: (approved, pick) =>
      forge(approved, (row) => {
        const [action] = actionsIn(row.binding).actions
        if (action) action.toReplicas = unequal(pick, action.toReplicas)
      }),
  },
  {
    name: 'plan and binding alike, under the approved hash',
    says: /is not the one that was approved/,
    make: (approved, pick) =>
      forge(approved, (row) => {
        for (const part of [row.seen, row.binding])
          for (const action of actionsIn(part).actions) action.toReplicas = unequal(pick, action.toReplicas)
      }),
  },
  {
    name: 'content hash',
    says: /is not the one that was approved/,
    make: (approved, pick) =>
      forge(approved, (row) => {
        row.contentHash = `${(pick % 10).toString()}${'0'.repeat(63)}`
      }),
  },
  {
    name: 'another proposal in the binding',
    says: /is not the one that was approved/,
    make: (approved) =>
      forge(approved, (row) => {
        row.binding = { ...Object(row.binding), proposalId: randomUUID() }
      }),
  },
  {
    name: 'replayed approval',
    says: /followed by another|is superseded, not approved|is waiting, not approved|was redeemed at/,
    make: async ({ db, proposal, scene, decision }, pick) => {
      if (pick % 2 === 0)
        await db.decision.update({ where: { id: decision.id }, data: { usedAt: scene.clock.now() } })
      else
        await db.proposal.update({
          where: { id: proposal.id },
          data: { state: 'waiting', revision: { increment: 1 } },
        })
    },
  },
  {
    name: 'rules of approval that ask for more',
    says: /the rules of approval \(version \d+\) ask for more now/,
    make: async ({ admin, scene }, pick) => {
      const rule = { name: 'more', scope: { workload: scene.name }, approvers: 2 + (pick % 4) }
      await publishRulesOfApproval(admin, { approvals: [rule], holdSeconds: pick % 30 })
    },
  },
  {
    name: 'removed approver',
    says: /approved it and may not decide any more/,
    make: async ({ db, approvers }, pick) => {
      const [approver] = approvers
      const id = actorUserId(approver?.actor ?? { kind: 'anonymous' }) ?? ''
      const change = pick % 2 === 0 ? { active: false } : { roles: ['auditor' as const] }
      await db.user.update({ where: { id }, data: change })
    },
  },
  {
    name: 'approver struck from the record',
    says: /the log knows nothing of decision \d+/,
    make: (approved, pick) =>
      forge(approved, (row) => {
        const record = Object(row.approval)
        const given = pick % 2 === 0 ? [] : [{ ...record.given[0], userId: randomUUID() }]
        row.approval = { ...record, given }
      }),
  },
  {
    name: 'automation level',
    says: /the automation level is (observe|recommend) now|the policy moved/,
    make: async ({ admin, scene }, pick) => {
      const level = pick % 2 === 0 ? ('observe' as const) : ('recommend' as const)
      const rule = { name: 'advice', scope: { workload: scene.name }, level }
      await publishRulesOfApproval(admin, { automation: [rule], holdSeconds: pick % 30 })
    },
  },
  {
    name: 'quota',
    says: /Quota/,
    make: async ({ db, scene }, pick) => {
      await db.offering.update({ where: { id: scene.offeringId }, data: { quotaReplicas: 3 + (pick % 6) } })
    },
  },
  {
    name: 'time',
    says: /before it expired at/,
    make: async ({ scene, proposal }, pick) => {
      scene.clock.set(new Date(Date.parse(proposal.expiresAt) + (pick % 60) * 1_000))
    },
  },
  {
    name: 'published limit',
    says: /Rule cap: \$20\.00\/h, but at most/,
    make: (approved, pick) =>
      publishRule(approved, {
        ...{ name: 'cap', kind: 'cost-per-hour', enforcement: 'hard-mandatory', limitUsd: 13 + (pick % 7) },
      }),
  },
  {
    name: 'freeze',
    says: /Rule quiet: frozen now/,
    make: (approved, pick) => {
      const at = approved.scene.clock.now().getTime()
      const instant = (minutes: number) => new Date(at + minutes * 60_000).toISOString()
      const window = {
        repeat: 'once',
        from: instant(-1 - (pick % 60)),
        to: instant(1 + (pick % 60)),
      } as const
      return publishRule(approved, { name: 'quiet', kind: 'freeze', enforcement: 'hard-mandatory', window })
    },
  },
  {
    name: 'kill switch',
    says: /All dispatch was stopped by/,
    make: async ({ admin: ctx }, pick) => {
      await setSwitch({ ctx, input: { engaged: true, reason: `mutation ${pick}`, basedOn: 0 } })
    },
  },
  {
    name: 'policy engine',
    says: /policy engine has not been asked/,
    make: async ({ admin: ctx }, pick) => {
      const url = `https://opa-${pick}.example/v1/data/infrasage`
      const input = { url, token: null, timeoutMs: 1_000, reason: 'a mutation', basedOn: 0 }
      await setPolicyEngine({ ctx, input })
    },
  },
  {
    name: 'team that was joined after the yes',
    says: /the rules of approval \(version \d+\) ask for more now: 0 of 1: needs one from team/,
    make: async ({ db, admin, approvers, scene }, pick) => {
      const from = [await teamOf(db, `team-${pick}`, ...approvers)]
      const rule = { name: 'team', scope: { workload: scene.name }, approvers: 1, from }
      await publishRulesOfApproval(admin, { approvals: [rule] })
    },
  },
  {
    name: 'security tier',
    says: /tier/,
    make: async ({ db, scene }, pick) => {
      const data = { requiredSecurityTier: 4 + (pick % 2) }
      await db.workload.update({ where: { id: scene.workloadId }, data })
    },
  },
  {
    name: 'region of the place',
    says: /region/i,
    make: async ({ db, scene }, pick) => {
      const { domainId } = await db.offering.findUniqueOrThrow({ where: { id: scene.offeringId } })
      await db.domain.update({ where: { id: domainId }, data: { region: `region-${pick}` } })
    },
  },
  {
    name: 'exchanged target',
    says: /the price moved: .* → none/,
    make: async ({ db, scene }, pick) => {
      const old = await db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
      const { connectionId, createdAt } = old
      const name = `${old.name}-${pick}`
      const target = await db.target.create({
        data: { connectionId, createdAt, name, id: randomUUID(), ref: { target: name } },
      })
      await db.pool.update({ where: { targetId: scene.targetId }, data: { targetId: target.id } })
    },
  },
  {
    name: 'broken glass',
    says: /the broken glass that it was approved under was over/,
    underGlass: true,
    make: async ({ admin: ctx, scene }, pick) => {
      const [glass] = await listGlass({ ctx })
      if (pick % 2 === 0) scene.clock.advance(60_000 * (5 + (pick % 5)))
      else await endGlass({ ctx, input: { id: glass?.id ?? '' } })
    },
  },
]

/** Thrown to leave nothing behind. */
export class RolledBack extends Error {}

/**
 * A transaction that verbs may use as if it were the database: what they put into transactions of their own becomes part of
 * it, and all of it can be left behind together.
 */
export function asDb(tx: Prisma.TransactionClient): Db {
  const whole = new Proxy(tx, {
    get: (target, key) =>
      key === '$transaction' ? (work: (inner: typeof tx) => unknown) => work(tx) : Reflect.get(target, key),
  })
  return whole as Db
}
