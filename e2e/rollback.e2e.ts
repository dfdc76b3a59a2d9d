import { type SteadyWorkload, steady } from './scene.ts'
import { inboxOf, openProposal, proposal } from './support/inbox.ts'
import { playSurge, sandboxTarget } from './support/sandbox.ts'
import { expect, test } from './support/test.ts'

test('an applied proposal is rolled back, and capacity is as it was', async ({ operator }) => {
  const name: SteadyWorkload = 'roll-me-back'
  const target = `${name}-l4`
  const proposed = steady.replicas + steady.stepUp
  const change = `${steady.replicas} → ${proposed}`
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, change)
  await operator.keyboard.press('a')
  await operator
    .getByRole('dialog')
    .getByRole('button', { name: `Approve ${change}` })
    .click()
  await expect(proposal(operator)).toContainText('approved this')
  await expect.poll(async () => (await sandboxTarget(target)).readyReplicas).toBe(proposed)

  const back = proposal(operator).getByRole('button', { name: `Roll back to ${steady.replicas} replicas` })
  await back.click()
  const dialog = operator.getByRole('dialog')
  await dialog.getByLabel('Why').fill('it was the wrong service')
  await dialog.getByRole('button', { name: `Roll back to ${steady.replicas} replicas` }).click()
  await expect.poll(async () => (await sandboxTarget(target)).readyReplicas).toBe(steady.replicas)
  expect(await sandboxTarget(target)).toMatchObject({ desiredReplicas: steady.replicas, effects: 2 })
  await expect(proposal(operator)).toContainText('roll back')
  await expect(proposal(operator)).toContainText('it was the wrong service')
})
