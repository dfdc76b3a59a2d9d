import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium, expect, type Locator, type Page } from '@playwright/test'
import { startTestProduct } from '../server/runtime/testing/product.ts'
import { findBrowser } from './browser.ts'
import { decisionPath, proposal } from './support/inbox.ts'
import { signIn } from './support/sign-in.ts'

const folder = path.resolve(import.meta.dirname, '../docs/images')

/** Draws the pictures of the documentation from a product that runs: `npm run screenshots`. */
const running = await startTestProduct()
try {
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch(findBrowser())
  const operator = await signedIn(browser, 'operator')
  await drawDeciding(operator)
  const decision = await approveOpen(operator)
  await drawWorkload(operator)
  await drawChecking(await signedIn(browser, 'auditor'), decision)
  await drawSetting(await signedIn(browser, 'admin'))
  await browser.close()
} finally {
  await running.stop()
}

async function signedIn(browser: Browser, role: 'operator' | 'admin' | 'auditor'): Promise<Page> {
  const person = running.signIns.find((each) => each.role === role)
  if (!person) throw new Error(`The first start printed no ${role}.`)
  const page = await browser.newPage({
    baseURL: running.address,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    timezoneId: 'UTC',
  })
  await signIn(page, person)
  return page
}

async function draw(page: Page, name: string): Promise<void> {
  const file = path.join(folder, name)
  await page.screenshot({ path: file, animations: 'disabled' })
  process.stdout.write(`${file}\n`)
}

/** Waits until the page says `words` and loads nothing any more. */
async function open(page: Page, address: string, words: string): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('main')).toContainText(words, { timeout: 30_000 })
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0, { timeout: 30_000 })
}

/** The measured line comes last; before it a chart is half empty. */
function measured(page: Page): Locator {
  return page.locator('.recharts-line-curve[stroke="var(--ink)"][stroke-width="1.5"]').first()
}

async function drawDeciding(page: Page): Promise<void> {
  await page.goto('/inbox')
  const row = page.getByRole('link', { name: /^chat-llm/ }).first()
  await expect(row).toBeVisible({ timeout: 180_000 })
  await row.click()
  await expect(measured(page)).toHaveAttribute('d', /^.{400,}/, { timeout: 30_000 })
  await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0, { timeout: 30_000 })
  await draw(page, 'inbox.png')
  await page.keyboard.press('a')
  await expect(page.getByRole('dialog')).toContainText('equals what is shown')
  await draw(page, 'approve.png')
}

/** Sends what the dialog shows, and waits until the target has answered. @returns where the decision is */
async function approveOpen(page: Page): Promise<string> {
  await page.keyboard.press('Enter')
  await expect(proposal(page)).toContainText('approved this', { timeout: 30_000 })
  const decision = await decisionPath(page)
  await page.goto(decision)
  await expect(page.getByText('Answer', { exact: true }).first()).toBeAttached({ timeout: 120_000 })
  return decision
}

async function drawWorkload(page: Page): Promise<void> {
  await page.goto('/workloads/chat-llm?tab=trust')
  await expect(page.getByText('Against the best method in hindsight')).toBeVisible({ timeout: 30_000 })
  await expect(measured(page)).toBeAttached({ timeout: 30_000 })
  await page.setViewportSize({ width: 1440, height: 1360 })
  await draw(page, 'workload.png')
}

async function drawChecking(page: Page, decision: string): Promise<void> {
  await open(page, decision, 'What the log says')
  await draw(page, 'decision.png')
  await page.goto('/log?stage=governance')
  // Not the newest, which a checkpoint may not hold yet.
  await page.getByRole('row').nth(3).click()
  await expect(page.getByRole('dialog')).toContainText('computed in this browser', { timeout: 30_000 })
  await draw(page, 'log.png')
  await open(page, '/log?view=proof', 'verified and sealed up to')
  await draw(page, 'log-proof.png')
}

async function drawSetting(page: Page): Promise<void> {
  const pages = [
    { path: '/policies?view=approvals', ready: 'Earned autonomy', name: 'approvals.png' },
    { path: '/people', ready: 'operator@', name: 'people.png' },
    { path: '/notifications', ready: 'Nobody is told yet', name: 'notifications.png' },
  ]
  for (const { path: address, ready, name } of pages) {
    await open(page, address, ready)
    await draw(page, name)
  }
}
