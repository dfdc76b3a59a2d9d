import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../kernel/context.ts'
import { type Role, roles, type Scope, scopes } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import type { RequestContext } from './request-context.ts'
import { appRouter } from './router.ts'
import { createCaller } from './trpc.ts'

type Rule = { roles: readonly Role[]; scope: Scope | 'any' | 'no key' }

const read: Rule = { roles: ['operator', 'admin', 'auditor'], scope: 'read' }
const decide: Rule = { roles: ['operator'], scope: 'decide' }
/** Both know of what is coming. */
const plan: Rule = { roles: ['operator', 'admin'], scope: 'decide' }
const administer: Rule = { roles: ['admin'], scope: 'administer' }
const readPeople: Rule = { roles: ['admin', 'auditor'], scope: 'read' }
/** Anybody who is signed in, whatever the roles and scopes; even none. */
const signedIn: Rule = { roles: [], scope: 'any' }
/** The same, and no key: what concerns one’s own sign-in. */
const inPerson: Rule = { roles: [], scope: 'no key' }

/** Who may call what: written down a second time, apart from the code, so that a slip there is seen here. */
const expected: Record<string, Rule> = {
  'apiKey.create': administer,
  'apiKey.list': readPeople,
  'apiKey.revoke': administer,
  'audit.addWitness': administer,
  'approvals.get': read,
  'approvals.history': read,
  'approvals.preview': read,
  'approvals.publish': administer,
  'approvals.saveDraft': administer,
  'autonomy.confirm': administer,
  'autonomy.list': read,
  'autonomy.revoke': administer,
  'breakGlass.end': plan,
  'breakGlass.list': read,
  'breakGlass.open': decide,
  'breakGlass.review': plan,
  'audit.checkpoints': read,
  'audit.list': read,
  'audit.proveConsistency': read,
  'audit.proveInclusion': read,
  'audit.removeWitness': administer,
  'audit.status': read,
  'audit.verify': { roles: ['admin', 'auditor'], scope: 'read' },
  'audit.witnesses': read,
  'baseModel.approve': plan,
  'baseModel.get': read,
  'baseModel.list': read,
  'baseModel.refit': administer,
  'baseModel.reject': plan,
  'baseModel.rollback': plan,
  changes: signedIn,
  'decision.deadLetters': read,
  'decision.get': read,
  'decision.giveUp': decide,
  'decision.list': read,
  'decision.redrive': decide,
  'domain.create': administer,
  'domain.createOffering': administer,
  'domain.list': read,
  'domain.update': administer,
  'domain.updateOffering': administer,
  'evaluation.acceptability': read,
  'evaluation.answerPulse': decide,
  'evaluation.choices': read,
  'evaluation.replay': read,
  'evaluation.similarProposals': read,
  'event.cancel': plan,
  'event.create': plan,
  'event.list': read,
  'event.update': plan,
  'forecast.reproduce': read,
  'forecast.review': read,
  'forecaster.get': read,
  'forecaster.remove': administer,
  'forecaster.set': administer,
  'forecaster.test': administer,
  'group.create': administer,
  'group.list': readPeople,
  'group.remove': administer,
  'group.setMembers': administer,
  'ledger.get': read,
  'ledger.list': read,
  'mapping.create': administer,
  'mapping.delete': administer,
  'mapping.list': read,
  'notifier.create': administer,
  'notifier.deliveries': read,
  'notifier.list': read,
  'notifier.redrive': administer,
  'notifier.remove': administer,
  'notifier.test': administer,
  'notifier.update': administer,
  'overview.get': read,
  'people.create': administer,
  'people.endSessions': administer,
  'people.invite': administer,
  'people.list': readPeople,
  'people.resetSecondFactor': administer,
  'people.sessions': administer,
  'people.setActive': administer,
  'people.setRoles': administer,
  'people.setSignInRules': administer,
  'people.signInRules': readPeople,
  'policy.get': read,
  'policy.history': read,
  'policy.list': read,
  'policy.set': administer,
  'policyEngine.get': read,
  'policyEngine.remove': administer,
  'policyEngine.set': administer,
  'policyEngine.test': administer,
  'proposal.approve': decide,
  'proposal.count': read,
  'proposal.decideBatch': decide,
  'proposal.get': read,
  'proposal.heldRise': read,
  'proposal.list': read,
  'proposal.override': decide,
  'proposal.overridePlaces': read,
  'proposal.previewOverride': decide,
  'proposal.previewRollback': decide,
  'proposal.reject': decide,
  'proposal.rollback': decide,
  'proposal.sharedCapacity': read,
  'proposal.undo': decide,
  'proposal.snooze': decide,
  'proposal.today': read,
  'scene.list': plan,
  'scene.start': plan,
  'scene.stop': plan,
  'rules.backTest': read,
  'rules.checkWritten': read,
  'rules.get': read,
  'rules.history': read,
  'rules.publish': administer,
  'rules.saveDraft': administer,
  'session.account': inPerson,
  'session.beginSecondFactor': inPerson,
  'session.changePassword': inPerson,
  'session.confirmSecondFactor': inPerson,
  'session.end': inPerson,
  'session.get': signedIn,
  'session.list': inPerson,
  'session.removeSecondFactor': inPerson,
  'status.get': read,
  'switch.askBack': decide,
  'switch.get': read,
  'switch.release': administer,
  'switch.stop': plan,
  'target.check': administer,
  'target.connect': administer,
  'target.connections': read,
  'target.create': administer,
  'target.createPool': administer,
  'target.discover': administer,
  'target.limit': administer,
  'target.list': read,
  'target.map': administer,
  'target.removeConnection': administer,
  'target.removeTarget': administer,
  'target.rights': read,
  'target.updateConnection': administer,
  'view.list': inPerson,
  'view.remove': inPerson,
  'view.save': inPerson,
  'workload.advice': read,
  'workload.control': read,
  'workload.create': administer,
  'workload.forecast': read,
  'workload.get': read,
  'workload.list': read,
  'workload.markers': read,
  'workload.signal': read,
  'workload.update': administer,
}

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta: { permission: string } } }
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)

let database: TestDatabase
const people: Record<string, Extract<Actor, { kind: 'user' }>> = {}

beforeAll(async () => {
  database = await createTestDatabase()
  people.none = await createTestPerson(database.db)
  for (const role of roles) people[role] = await createTestPerson(database.db, role)
})
afterAll(() => database.dispose())

function person(name: string): Extract<Actor, { kind: 'user' }> {
  const found = people[name]
  if (!found) throw new Error(`nobody is called ${name}`)
  return found
}

function keyOf(role: Role, scope: Scope): Actor {
  const { userId, email, roles: held } = person(role)
  return { kind: 'api_key', keyId: userId, keyName: 'test', userId, email, roles: held, scopes: [scope] }
}

/** What the gate says: `allowed` is anything that comes from behind it, such as a complaint about the input. */
async function outcome(path: string, actor: Actor): Promise<'allowed' | 'FORBIDDEN' | 'UNAUTHORIZED'> {
  const ctx: RequestContext = {
    ...testContext({ db: database.db, actor }),
    reauthenticate: async () => actor,
    changes: async function* () {},
    auditKeyFile: '',
    publicUrl: '',
    sandbox: null,
  }
  let at: unknown = createCaller(appRouter)(ctx)
  for (const part of path.split('.')) at = (at as Record<string, unknown>)[part]
  try {
    await (at as (input: unknown) => Promise<unknown>)(path === 'changes' ? undefined : { not: 'an input' })
    return 'allowed'
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    return error.code === 'FORBIDDEN' || error.code === 'UNAUTHORIZED' ? error.code : 'allowed'
  }
}

const allowedFor = (rule: Rule, held: readonly Role[]) =>
  rule === signedIn || rule === inPerson || rule.roles.some((role) => held.includes(role))

test('every procedure has its entry in the table, and every entry its procedure', () => {
  expect(procedures.map(([path]) => path).sort()).toEqual(Object.keys(expected).sort())
})

describe.each(procedures.map(([path]) => path))('%s', (path) => {
  const rule = expected[path] ?? { roles: [], scope: 'read' }

  test('nobody is asked to sign in', async () => {
    expect(await outcome(path, { kind: 'anonymous' })).toBe('UNAUTHORIZED')
  })

  test('each role passes or not, as the table says', async () => {
    for (const role of ['none', ...roles] as const) {
      const held = role === 'none' ? [] : [role]
      const answer = await outcome(path, person(role))
      expect(answer, role).toBe(allowedFor(rule, held) ? 'allowed' : 'FORBIDDEN')
    }
  })

  test('each API key passes with its owner’s role and the right scope alone', async () => {
    for (const role of roles) {
      for (const scope of scopes) {
        const passes = allowedFor(rule, [role]) && (rule.scope === 'any' || rule.scope === scope)
        const answer = await outcome(path, keyOf(role, scope))
        expect(answer, `${role} with ${scope}`).toBe(passes ? 'allowed' : 'FORBIDDEN')
      }
    }
  })
})
