import type { Page } from '@playwright/test'
import { z } from 'zod'
import { type SteadyWorkload, steady } from './scene.ts'
import { inboxOf, openProposal, proposal } from './support/inbox.ts'
import { infrasage, product } from './support/product.ts'
import { playSurge, sandboxTarget } from './support/sandbox.ts'
import { signIn } from './support/sign-in.ts'
import { expect, test } from './support/test.ts'

const change = `${steady.replicas} → ${steady.replicas + steady.stepUp}`

test('an approval after the policy changed is void, and the screen says what moved', async ({
  operator,
  admin,
}) => {
  const name: SteadyWorkload = 'void-me'
  await operator.goto(inboxOf(name))
  await playSurge(name)
  await openProposal(operator, name, change)
  await operator.keyboard.press('a')
  const approve = operator.getByRole('dialog').getByRole('button', { name: `Approve ${change}` })
  await expect(approve).toBeFocused()

  await admin.goto('/policies')
  await admin.getByRole('button', { name: name.replaceAll('-', ' ') }).click()
  await admin.getByLabel('Most replicas').fill(String(steady.maxReplicas - 5))
  await admin.getByRole('button', { name: 'Review the changes' }).click()
  await expect(admin.getByRole('table', { name: 'What changes' })).toContainText(
    String(steady.maxReplicas - 5),
  )
  await admin.getByLabel('Why').fill('the quota shrinks')
  await admin.getByRole('button', { name: 'Put version 2 in force' }).click()
  await expect(admin.getByText(/Policy version 2 of .* is in force/)).toBeVisible()

  await approve.click()
  await expect(operator.getByRole('alert').filter({ hasText: 'Not sent' })).toContainText(
    'the policy moved: version 1 → 2',
  )
  expect((await sandboxTarget(`${name}-l4`)).effects).toBe(0)
})

const created = z.object({ email: z.string(), password: z.string() })

test('of two operators who decide at once one wins, and the other is told by whom and when', async ({
  operator: first,
  browser,
}) => {
  const name: SteadyWorkload = 'race-me'
  const { address, dataDir } = product()
  const { printed } = await infrasage(
    dataDir,
    ...['user', 'create', '--email', 'second@example.test', '--name', 'Second Operator'],
    ...['--role', 'operator', '--json'],
  )
  const context = await browser.newContext({ baseURL: address })
  const second = await context.newPage()
  await signIn(second, created.parse(JSON.parse(printed)))
  await playSurge(name)
  const both = [first, second] as const
  for (const page of both) {
    await page.goto(inboxOf(name))
    await openProposal(page, name, change)
    await page.keyboard.press('a')
  }
  const send = (page: Page) => page.getByRole('dialog').getByRole('button', { name: `Approve ${change}` })
  for (const page of both) await expect(send(page)).toBeFocused()
  await Promise.all(both.map((page) => send(page).click()))

  const refusal = (page: Page) => page.getByRole('alert').filter({ hasText: 'Not sent' })
  for (const page of both) await expect(proposal(page)).toContainText('approved this')
  const refused = await Promise.all(both.map((page) => refusal(page).count()))
  expect(refused.toSorted()).toEqual([0, 1])
  const loser = refused[0] === 1 ? first : second
  const winner = loser === second ? /operator/i : /Second Operator/
  await expect(refusal(loser)).toContainText(winner)
  await expect(refusal(loser)).toContainText(/approved #\d+ at .*\d\d:\d\d/)
  await expect.poll(async () => (await sandboxTarget(`${name}-l4`)).effects).toBe(1)
  await context.close()
})
