import { expect, type Page } from '@playwright/test'

/** Signs in by the form, and waits for the page behind it. */
export async function signIn(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Pages' }).first()).toBeVisible({ timeout: 60_000 })
}
