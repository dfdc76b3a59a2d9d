import { expect, type Locator, type Page } from '@playwright/test'

/** The inbox narrowed to one workload. */
export const inboxOf = (workload: string) => `/inbox?q=${workload}`

/** The row of a change such as `6 → 10`; rows that are no longer open are passed over. */
export function rowOf(page: Page, workload: string, change: string): Locator {
  return page
    .getByRole('region', { name: 'Proposals' })
    .getByRole('link')
    .filter({ hasText: `${workload}${change}` })
    .filter({ hasNotText: 'no longer here' })
}

/**
 * Waits until a change of a workload stands in the inbox that the page shows. Never reloads: rows arrive by themselves, and
 * new ones beside old ones after a click on "show".
 */
export async function awaitRow(
  page: Page,
  workload: string,
  change: string,
  timeoutMs = 60_000,
): Promise<void> {
  const show = page.getByRole('button', { name: /: show$/ })
  await expect(async () => {
    if (await show.isVisible()) await show.click({ timeout: 1_000 })
    await expect(rowOf(page, workload, change)).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: timeoutMs })
}

/** Waits for the row and opens it. A proposal that is superseded just then makes room for its successor. */
export async function openProposal(
  page: Page,
  workload: string,
  change: string,
  timeoutMs = 60_000,
): Promise<Locator> {
  await expect(async () => {
    await awaitRow(page, workload, change, timeoutMs)
    await rowOf(page, workload, change).click({ timeout: 1_000 })
    const title = proposal(page).getByRole('heading', { level: 2 }).first()
    await expect(title).toContainText(change, { timeout: 2_000 })
  }).toPass({ timeout: timeoutMs })
  return proposal(page)
}

/** The proposal that is open. */
export const proposal = (page: Page): Locator => page.getByRole('article', { name: /^Proposal \d+$/ })

/** What the page says under a heading, in one line, without its buttons and what is only spoken. */
export async function textOf(scope: Locator, section: string): Promise<string> {
  const text = await scope.getByRole('region', { name: section, exact: true }).first().innerText()
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\b(TRY|Try)\b/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The way to the decision that was made on the open proposal. */
export async function decisionPath(page: Page): Promise<string> {
  const href = await proposal(page)
    .getByRole('link', { name: /^Decision #\d+$/ })
    .getAttribute('href')
  if (!href) throw new Error('The proposal shows no decision.')
  return href
}
