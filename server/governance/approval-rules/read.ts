import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import {
  type ApprovalHistoryInput,
  type ApprovalsView,
  type ApprovalVersionView,
  approvalHistoryInput,
} from './contract.ts'
import {
  approvalPolicyInForce,
  firstPolicy,
  newestApprovalDraft,
  storedApprovalPolicy,
} from './stored-policy.ts'
import { differencesOf } from './words.ts'

/** The rules of approval in force, the draft if there is one, and the groups that rules can name. */
export async function getApprovals({ ctx }: { ctx: Context }): Promise<ApprovalsView> {
  authorise(ctx, 'policy.read')
  const { db } = ctx
  const { version, ...policy } = await approvalPolicyInForce(db)
  const draft = await newestApprovalDraft(db)
  const drafted = draft && storedApprovalPolicy(draft.policy)
  const differences = drafted ? differencesOf(policy, drafted) : []
  const authors = await namesOf(ctx, [draft?.authorId ?? null])
  const groups = await db.group.findMany({
    select: { name: true, title: true, _count: { select: { members: true } } },
    orderBy: { name: 'asc' },
  })
  return {
    version,
    policy,
    draftNumber: draft?.number ?? 0,
    draft:
      draft && drafted && differences.length > 0
        ? {
            number: draft.number,
            basedOnVersion: draft.basedOnVersion,
            policy: drafted,
            differences,
            author: authors(draft.authorId),
            createdAt: draft.createdAt.toISOString(),
          }
        : null,
    groups: groups.map(({ _count, ...group }) => ({ ...group, members: _count.members })),
  }
}

/** Published versions, newest first. `before`: only those older than this version. */
export async function approvalHistory({
  ctx,
  input,
}: Verb<ApprovalHistoryInput>): Promise<ApprovalVersionView[]> {
  authorise(ctx, 'policy.read')
  const { before, limit } = parseInput(approvalHistoryInput, input, 'query')
  const rows = await ctx.db.approvalVersion.findMany({
    where: before === undefined ? {} : { version: { lt: before } },
    orderBy: { version: 'desc' },
    take: limit + 1,
  })
  const authors = await namesOf(
    ctx,
    rows.map(({ authorId }) => authorId),
  )
  const policies = rows.map(({ policy }) => storedApprovalPolicy(policy))
  return rows.slice(0, limit).map(({ version, reason, authorId, createdAt }, i) => {
    const policy = policies[i] ?? firstPolicy
    return {
      version,
      policy,
      differences: differencesOf(policies[i + 1] ?? firstPolicy, policy),
      reason,
      author: authors(authorId),
      createdAt: createdAt.toISOString(),
    }
  })
}

async function namesOf({ db }: Context, ids: (string | null)[]): Promise<(id: string | null) => string> {
  const people = await db.user.findMany({
    where: { id: { in: ids.flatMap((id) => id ?? []) } },
    select: { id: true, name: true },
  })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return (id) => (id === null ? 'system' : (names.get(id) ?? 'somebody removed'))
}
