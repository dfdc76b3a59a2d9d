import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { type PlayedScene, playScene } from './testing/play-scene.ts'

/** The worst of both runs while time passes, looked at every five seconds. */
function watch(played: PlayedScene, target: string) {
  const worst = {
    actual: { latencyP99Ms: 0, errorRatio: 0 },
    undisturbed: { latencyP99Ms: 0, errorRatio: 0 },
  }
  const look = () => {
    const seen = played.world.compare(target)
    for (const run of ['actual', 'undisturbed'] as const) {
      worst[run].latencyP99Ms = Math.max(worst[run].latencyP99Ms, seen[run].latencyP99Ms)
      worst[run].errorRatio = Math.max(worst[run].errorRatio, seen[run].errorRatio)
    }
  }
  return { worst, look }
}

/** Minutes from the start of either scene to its burst. */
const burstAfterSeconds = 330

describe.each([
  {
    scene: 'bursting-inference',
    target: 'ticket-answers-pods',
    kinds: ['scale', 'prewarm'],
    objectiveMs: 2_000,
    without: { latencyP99Ms: 20_000, errorRatio: 0 },
  },
  {
    scene: 'edge-first',
    target: 'ar-guide-edge',
    kinds: ['scale', 'scale'],
    objectiveMs: 150,
    without: { latencyP99Ms: 1_000, errorRatio: 0.2 },
  },
])('$scene', ({ scene, target, kinds, objectiveMs, without }) => {
  let database: TestDatabase
  let played: PlayedScene
  beforeAll(async () => {
    database = await createTestDatabase()
    played = await playScene(database.db, scene)
  })
  afterAll(async () => {
    played.close()
    await database.dispose()
  })

  test('one proposal before the burst grows both places at once; approved, the objective holds', {
    timeout: 120_000,
  }, async () => {
    await played.send()
    await played.turn()
    await played.pass(15)
    const [proposal, ...others] = await played.waiting()
    if (!proposal) throw new Error('nothing was proposed')
    expect(others).toEqual([])
    const { actions, effect, evidence } = proposal.content
    expect(actions.map(({ kind }) => kind)).toEqual(kinds)
    expect(actions.every(({ fromReplicas, toReplicas }) => toReplicas > fromReplicas)).toBe(true)
    expect(new Set(actions.map(({ stage = 0 }) => stage)).size).toBe(1)
    const startsAt = Date.parse(evidence.surge?.startsAt ?? '')
    expect(startsAt - played.clock.now().getTime()).toBeGreaterThan(120_000)
    expect(effect.sloRiskAfter).toBeLessThan(effect.sloRiskBefore / 2)

    expect(await played.carryOut(await played.approve(proposal))).toBe('verified')
    const { worst, look } = watch(played, target)
    const over = played.world.state.startedAt + (burstAfterSeconds + 420) * 1_000
    while (played.clock.now().getTime() < over) {
      await played.quietly(5)
      look()
    }
    expect(worst.undisturbed.latencyP99Ms).toBeGreaterThan(without.latencyP99Ms)
    expect(worst.undisturbed.errorRatio).toBeGreaterThanOrEqual(without.errorRatio)
    expect(worst.actual.latencyP99Ms).toBeLessThan(1.1 * objectiveMs)
    expect(worst.actual.errorRatio).toBeLessThan(0.01)
  })
})
