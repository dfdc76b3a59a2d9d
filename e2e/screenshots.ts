import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium, expect } from '@playwright/test'
import { startTestProduct } from '../server/runtime/testing/product.ts'
import { findBrowser } from './browser.ts'
import { signIn } from './support/sign-in.ts'

const folder = path.resolve(import.meta.dirname, '../docs/images')

/** Draws the pictures of the documentation from a product that runs: `npm run screenshots`. */
const running = await startTestProduct()
try {
  const operator = running.signIns.find(({ role }) => role === 'operator')
  if (!operator) throw new Error('The first start printed no operator.')
  const browser = await chromium.launch(findBrowser())
  const page = await browser.newPage({
    baseURL: running.address,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    timezoneId: 'UTC',
  })
  await signIn(page, operator)
  await page.goto('/inbox')
  const row = page.getByRole('link', { name: /^chat-llm/ })
  await expect(row).toBeVisible({ timeout: 180_000 })
  await row.click()
  // The measured line comes last; before it the chart is half empty.
  const measured = page.locator('.recharts-line-curve[stroke="var(--ink)"][stroke-width="1.5"]')
  await expect(measured.first()).toBeAttached({ timeout: 30_000 })
  mkdirSync(folder, { recursive: true })
  const draw = async (name: string) => {
    const file = path.join(folder, name)
    await page.screenshot({ path: file, animations: 'disabled' })
    process.stdout.write(`${file}\n`)
  }
  await draw('inbox.png')
  await page.goto('/workloads/chat-llm?tab=trust')
  await expect(page.getByText('Against the best method in hindsight')).toBeVisible({ timeout: 30_000 })
  await expect(measured.first()).toBeAttached({ timeout: 30_000 })
  await page.setViewportSize({ width: 1440, height: 1360 })
  await draw('workload.png')
  await browser.close()
} finally {
  await running.stop()
}
