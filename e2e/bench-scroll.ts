import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, expect, type Locator, type Page } from '@playwright/test'
import { fillDataDir, fillInbox } from '../server/runtime/testing/long-lists.ts'
import { startTestProduct, type TestProduct } from '../server/runtime/testing/product.ts'
import { findBrowser } from './browser.ts'
import { signIn } from './support/sign-in.ts'

/**
 * Measures long lists in a browser, on a product that runs: `npm run bench:scroll -- [entries] [proposals]`, a million and
 * 10,000 without them. Each row of the table: how long until the step was drawn, and the longest time the page was busy in one go.
 */

const entries = Number(process.argv[2] ?? 1_000_000)
const proposals = Number(process.argv[3] ?? 10_000)
const dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-scroll-'))

/** From now on the page notes how long it is busy in one go, and how long frames keep each other waiting. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement
    const note = (name: 'busyMs' | 'gapMs', ms: number) => {
      dataset[name] = String(Math.max(ms, Number(dataset[name] ?? 0)))
    }
    new PerformanceObserver((seen) => {
      for (const { duration } of seen.getEntries()) note('busyMs', duration)
    }).observe({ type: 'longtask' })
    let last = performance.now()
    const frame = (now: number) => {
      note('gapMs', now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
}

async function measured(page: Page, what: string, step: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    delete document.documentElement.dataset.busyMs
    delete document.documentElement.dataset.gapMs
  })
  const started = performance.now()
  await step()
  const ms = Math.round(performance.now() - started)
  const { busyMs, gapMs } = await page.evaluate(() => ({ ...document.documentElement.dataset }))
  const busy = busyMs === undefined ? 'under 50' : Math.round(Number(busyMs))
  process.stdout.write(`| ${what} | ${ms} | ${busy} | ${Math.round(Number(gapMs ?? 0))} |\n`)
}

/** Goes to the end of a list until it has grown so many times: each time a page of rows comes. */
async function scrollPages(list: Locator, pages: number): Promise<void> {
  const height = () => list.evaluate((element) => element.scrollHeight)
  for (let page = 0; page < pages; page++) {
    const before = await height()
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect.poll(height, { intervals: [20] }).toBeGreaterThan(before)
  }
}

/** Turns the wheel over what is loaded, as a hand does. */
async function wheel(page: Page, list: Locator, turns: number): Promise<void> {
  await list.hover()
  for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(0, turn < turns / 2 ? -600 : 600)
}

async function measureLog(page: Page): Promise<void> {
  await page.goto('/log')
  const list = page.getByRole('region', { name: 'Entries of the log' })
  const row = list.getByRole('row').nth(1)
  await expect(row).toBeVisible({ timeout: 60_000 })
  await watchFrames(page)
  await measured(page, '20 pages of 200 entries, to their end', () => scrollPages(list, 20))
  await measured(page, '100 turns of the wheel over 4,200 entries', () => wheel(page, list, 100))
  const words = page.getByRole('searchbox', { name: 'Words of the text' })
  const shown = page.getByText(/^\d+\+? shown$/)
  const narrowed = async (text: string, result: RegExp) => {
    await words.fill(text)
    await expect(page).toHaveURL(text === '' ? /log$/ : new RegExp(`q=${text}`))
    await expect(shown).toHaveText(result)
  }
  await measured(page, 'a word that every fifth entry has', () => narrowed('friday', /^200\+ shown$/))
  await measured(page, 'a word that none has', () => narrowed('zeppelin', /^0 shown$/))
  await measured(page, 'a number that few have', () => narrowed(String(entries >> 3), /^[1-9]\d? shown$/))
  await measured(page, 'everything again', () => narrowed('', /\+ shown$/))
  await measured(page, 'from the middle of the log on', async () => {
    await page.getByRole('spinbutton', { name: 'Up to entry' }).fill(String(entries >> 1))
    await expect(row).toContainText(new RegExp(`${String(entries >> 1).slice(-3)}`))
  })
}

async function measureInbox(page: Page): Promise<void> {
  await page.goto('/inbox')
  const list = page.getByRole('region', { name: 'Proposals' })
  await expect(list.getByRole('listitem').first()).toBeVisible({ timeout: 60_000 })
  await watchFrames(page)
  await measured(page, '20 pages of 200 proposals, to their end', () => scrollPages(list, 20))
  await measured(page, '100 turns of the wheel over 4,200 proposals', () => wheel(page, list, 100))
  await measured(page, 'down by 30 rows, by key', async () => {
    for (let press = 0; press < 30; press++) await page.keyboard.press('j')
    await expect(page.getByRole('article', { name: /^Proposal \d+$/ })).toBeVisible()
  })
  await measured(page, 'a workload by its name', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('service-77')
    await expect(list.getByRole('listitem').first()).toContainText('service-77')
  })
}

let product: TestProduct | undefined
try {
  await fillDataDir(dataDir, entries)
  const running = await startTestProduct({ dataDir })
  product = running
  await expect.poll(() => fillInbox(running, proposals), { timeout: 240_000, intervals: [1_000] }).toBe(true)
  const browser = await chromium.launch(findBrowser())
  const head = '| step | drawn after, ms | longest busy, ms | longest frame, ms |\n|---|---|---|---|\n'
  for (const [role, title, measure] of [
    ['auditor', `${entries} entries of the log`, measureLog],
    ['operator', `${proposals} proposals that wait`, measureInbox],
  ] as const) {
    const person = product.signIns.find((each) => each.role === role)
    if (!person) throw new Error(`The first start printed no ${role}.`)
    const page = await browser.newPage({
      baseURL: product.address,
      viewport: { width: 1440, height: 900 },
    })
    await signIn(page, person)
    process.stdout.write(`\n${title}\n\n${head}`)
    await measure(page)
    await page.close()
  }
  await browser.close()
} finally {
  await product?.stop()
  rmSync(dataDir, { recursive: true, force: true })
}
