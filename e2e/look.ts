import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { startPages } from '../server/runtime/testing/pages.ts'
import { findBrowser } from './browser.ts'
import { present } from './fixtures/catalog.ts'
import { mockApi } from './fixtures/mock-api.ts'
import { world } from './fixtures/world.ts'
import { looks, show } from './support/axe.ts'

const folder = path.resolve(import.meta.dirname, '../test-results/look')

/** Draws pages with the fixtures behind them, whole, wide and light as well as narrow and dark: `npm run look -- /inbox`. */
const pages = await startPages()
const browser = await chromium.launch(findBrowser())
try {
  mkdirSync(folder, { recursive: true })
  for (const place of process.argv.slice(2)) {
    const page = await browser.newPage({ timezoneId: 'UTC', locale: 'en-GB' })
    await page.clock.setFixedTime(present)
    await mockApi(page, world())
    await page.goto(`${pages.address}${place}`)
    for (const look of looks) {
      await show(page, look)
      await page.locator('main').waitFor()
      await page.waitForLoadState('networkidle')
      // By the element: behind a sheet it has no role. The page scrolls within the frame: as high as its content, so that all of it is drawn.
      const height = await page.locator('main').evaluate((main) => main.scrollHeight)
      await page.setViewportSize({ width: look.width, height: Math.max(look.height, height + 140) })
      const name = place.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'overview'
      const file = path.join(folder, `${name.slice(0, 60)}-${look.theme}-${look.width}.png`)
      await page.screenshot({ path: file, animations: 'disabled' })
      process.stdout.write(`${file}\n`)
    }
    await page.close()
  }
} finally {
  await browser.close()
  await pages.stop()
}
