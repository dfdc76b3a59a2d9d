import { type Browser, expect, type Page } from '@playwright/test'
import { product } from './product.ts'

/** A second operator, invited by the admin and signed in: what one person puts forward another one approves. */
export async function colleagueOf(admin: Page, browser: Browser): Promise<Page> {
  const { address } = product()
  const person = { email: `colleague-${Date.now()}@test.invalid`, name: 'Col League', roles: ['operator'] }
  const made = await admin.request.post('/api/trpc/people.create', {
    headers: { origin: address },
    data: { json: person },
  })
  expect(made.ok(), await made.text()).toBe(true)
  const { path } = (await made.json()).result.data.json.invitation
  const context = await browser.newContext({ baseURL: address })
  const page = await context.newPage()
  const password = 'amber violin teapot'
  await page.goto(path)
  await page.getByLabel('New password', { exact: true }).fill(password)
  await page.getByLabel('New password again').fill(password)
  await page.getByRole('button', { name: 'Set the password and sign in' }).click()
  await expect(page.getByRole('button', { name: 'You: Col League' })).toBeVisible({ timeout: 60_000 })
  return page
}
