import { awaitRow } from './support/inbox.ts'
import { expect, test } from './support/test.ts'

test('a scene is started from the screen, its proposal arrives, and it is gone when it is stopped', async ({
  operator,
  auditor,
}) => {
  await auditor.goto('/targets')
  await expect(auditor.getByRole('link', { name: 'Targets' })).toBeVisible()
  await expect(auditor.getByRole('link', { name: 'Scenes' })).toHaveCount(0)

  await operator.goto('/scenes')
  await operator.getByRole('button', { name: 'Start Edge first', exact: true }).click()
  await expect(operator.getByRole('link', { name: 'AR guide' })).toBeVisible({ timeout: 60_000 })

  await operator.goto('/inbox?q=ar-guide')
  await awaitRow(operator, 'ar-guide', '', 120_000)

  await operator.goto('/scenes')
  await operator.getByRole('button', { name: 'Stop Edge first' }).click()
  await expect(operator.getByRole('button', { name: 'Start Edge first', exact: true })).toBeEnabled()
  await operator.goto('/workloads')
  await expect(operator.getByText('Chat assistant')).toBeVisible()
  await expect(operator.getByText('AR guide')).toHaveCount(0)
})
