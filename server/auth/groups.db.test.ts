import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConflictError, ForbiddenError, NotFoundError } from '../kernel/errors.ts'
import { groupsOf } from '../kernel/groups.ts'
import { roles } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import { createGroup, listGroups, listUsers, removeGroup, sessionView, setGroupMembers } from './index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const reason = 'the team was founded'
const system = () => testContext({ db: database.db })
let made = 0
const newGroup = () =>
  createGroup({ ctx: system(), input: { name: `team-${++made}`, title: `Team ${made}` } })
const actionsOf = async (id: string) =>
  (await database.db.auditEntry.findMany({ where: { subject: `group/${id}` }, orderBy: { seq: 'asc' } })).map(
    ({ action, canonical }) => ({ action, body: JSON.parse(canonical).body }),
  )

test('a group is made, gets and loses members, and is removed; the log has each step', async () => {
  const group = await newGroup()
  const [ann, ben] = [await createTestPerson(database.db, 'operator'), await createTestPerson(database.db)]
  const set = (...userIds: string[]) =>
    setGroupMembers({ ctx: system(), input: { groupId: group.id, userIds, reason } })
  expect((await set(ann.userId, ben.userId)).members).toHaveLength(2)
  expect((await groupsOf(database.db, [ann.userId])).get(ann.userId)).toEqual([group.name])
  expect((await sessionView(testContext({ db: database.db, actor: ann }))).groups).toEqual([group.name])
  expect((await set(ben.userId)).members.map(({ id }) => id)).toEqual([ben.userId])
  expect((await groupsOf(database.db, [ann.userId])).get(ann.userId)).toEqual([])
  expect((await listUsers({ ctx: system() })).find(({ id }) => id === ben.userId)?.groups).toEqual([
    group.name,
  ])
  await removeGroup({ ctx: system(), input: { groupId: group.id, reason } })
  expect((await listGroups({ ctx: system() })).map(({ id }) => id)).not.toContain(group.id)
  expect(await actionsOf(group.id)).toMatchObject([
    { action: 'group.created' },
    { action: 'group.members-set', body: { before: [], after: [ann.email, ben.email].sort(), reason } },
    { action: 'group.members-set', body: { after: [ben.email] } },
    { action: 'group.removed', body: { members: [ben.email] } },
  ])
})

test('a name is taken once; a person or group that does not exist changes nothing', async () => {
  const group = await newGroup()
  const again = createGroup({ ctx: system(), input: { name: group.name, title: 'Again' } })
  await expect(again).rejects.toBeInstanceOf(ConflictError)
  const nobody = '00000000-0000-4000-8000-000000000000'
  const ann = await createTestPerson(database.db, 'operator')
  for (const input of [
    { groupId: group.id, userIds: [ann.userId, nobody], reason },
    { groupId: nobody, userIds: [ann.userId], reason },
  ]) {
    await expect(setGroupMembers({ ctx: system(), input })).rejects.toBeInstanceOf(NotFoundError)
  }
  expect((await groupsOf(database.db, [ann.userId])).get(ann.userId)).toEqual([])
})

test('nobody but an admin changes groups', async () => {
  const group = await newGroup()
  for (const role of roles.filter((each) => each !== 'admin')) {
    const actor = await createTestPerson(database.db, role)
    const ctx = testContext({ db: database.db, actor })
    const join = { groupId: group.id, userIds: [actor.userId], reason }
    await expect(setGroupMembers({ ctx, input: join })).rejects.toBeInstanceOf(ForbiddenError)
    await expect(createGroup({ ctx, input: { name: 'mine', title: 'Mine' } })).rejects.toBeInstanceOf(
      ForbiddenError,
    )
    await expect(removeGroup({ ctx, input: { groupId: group.id, reason } })).rejects.toBeInstanceOf(
      ForbiddenError,
    )
  }
})
