import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProposalDetail } from '../../governance/contract.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { type PlayedScene, playScene } from './testing/play-scene.ts'

let database: TestDatabase
let played: PlayedScene
beforeAll(async () => {
  database = await createTestDatabase()
  played = await playScene(database.db, 'cost-hybrid')
  await played.send()
  await played.turn()
}, 120_000)
afterAll(async () => {
  played.close()
  await database.dispose()
})

const minuteMs = 60_000
const actionsOf = ({ content }: ProposalDetail) =>
  content.actions.map(({ stage = 0, targetName, fromReplicas, toReplicas }) => {
    return { stage, targetName, rises: toReplicas > fromReplicas }
  })
const desired = (target: string) => played.world.observe(target).desiredReplicas
const assistant = () => played.world.compare('shop-assistant-owned')
const index = () => played.world.compare('document-index-cloud')

test('off-peak, what can wait moves to owned GPUs; before the next peak it makes room again', {
  timeout: 120_000,
}, async () => {
  await played.pass(30, 2)
  const away = (await played.waiting()).find(({ content }) => content.purpose === 'migrate')
  if (!away) throw new Error('no move was proposed')
  const actions = actionsOf(away)
  const there = actions.find(({ targetName }) => targetName === 'document-index-owned')
  const gone = actions.find(({ targetName }) => targetName === 'document-index-cloud')
  expect([there?.rises, gone?.rises]).toEqual([true, false])
  expect(there?.stage).toBeLessThan(gone?.stage ?? 0)
  expect(away.content.effect.costChangePerHourUsd).toBeLessThan(-8)

  expect(await played.carryOut(await played.approve(away))).toBe('verified')
  await played.quietly(60)
  expect(desired('document-index-cloud')).toBe(0)
  const { actual, undisturbed } = index()
  expect(actual.costPerHourUsd).toBeLessThan(undisturbed.costPerHourUsd / 3)
  expect(actual.backlog).toBeLessThan(60)

  // The night passes: a day takes an hour here, and the assistant's morning comes half an hour after its evening.
  const { startedAt } = played.world.state
  const at = (minutes: number) => startedAt + minutes * minuteMs
  while (played.clock.now().getTime() < at(21)) await played.quietly(60)
  const approved: ProposalDetail[] = []
  let worstP99Ms = 0
  while (played.clock.now().getTime() < at(34)) {
    await played.pass(30, 2)
    worstP99Ms = Math.max(worstP99Ms, assistant().actual.latencyP99Ms)
    for (const proposal of await played.waiting()) {
      approved.push(proposal)
      expect(await played.carryOut(await played.approve(proposal))).toBe('verified')
      break
    }
  }
  const back = approved.filter((proposal) =>
    actionsOf(proposal).some(({ targetName, rises }) => targetName === 'document-index-owned' && !rises),
  )
  expect(back.length).toBeGreaterThan(0)
  expect(desired('shop-assistant-owned')).toBeGreaterThanOrEqual(7)
  expect(assistant().actual.demand).toBeGreaterThan(75)
  expect(worstP99Ms).toBeLessThan(1_500)
  expect(index().actual.costPerHourUsd).toBeLessThan(index().undisturbed.costPerHourUsd)
})
