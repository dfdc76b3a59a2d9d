import { type Browser, expect, type Page } from '@playwright/test'
import { product } from './product.ts'
import { signIn } from './sign-in.ts'

/** A second operator, made by the admin and signed in: what one person puts forward another one approves. */
export async function colleagueOf(admin: Page, browser: Browser): Promise<Page> {
  const { address } = product()
  const person = { email: `colleague-${Date.now()}@test.invalid`, password: 'a long enough password' }
  const made = await admin.request.post('/api/trpc/people.create', {
    headers: { origin: address },
    data: { json: { ...person, name: 'Col League', roles: ['operator'] } },
  })
  expect(made.ok(), await made.text()).toBe(true)
  const context = await browser.newContext({ baseURL: address })
  const page = await context.newPage()
  await signIn(page, person)
  return page
}
