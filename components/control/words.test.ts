import { expect, test } from 'vitest'
import { levelRule } from './words.ts'

const policy = { penaltyRatio: 20, automationLevel: 'approve' as const }

test('says which rule sets the level now, and why', () => {
  const learning = levelRule({ control: 'plan', steps: 140, stepsNeeded: 1_440 }, policy)
  expect(learning).toEqual({
    name: 'the 95\u202f% quantile of the forecast',
    why: 'the controller is still learning: 140 of 1,440 steps, at least a day; then rises follow it',
  })
  expect(levelRule({ control: 'plan', steps: 1_440, stepsNeeded: 1_440 }, policy).name).toMatch(/controller/)
  expect(levelRule({ control: 'reactive', steps: 140, stepsNeeded: 1_440 }, policy).why).toMatch(
    /reactive shadow/,
  )
  expect(
    levelRule({ control: 'plan', steps: 1, stepsNeeded: 2 }, { ...policy, automationLevel: 'observe' }).name,
  ).toMatch(/nothing is proposed/)
})
