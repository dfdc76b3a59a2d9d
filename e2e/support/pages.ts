import { type Page, test } from '@playwright/test'
import { startPages } from '../../server/runtime/testing/pages.ts'
import { present } from '../fixtures/catalog.ts'
import { type Handlers, mockApi } from '../fixtures/mock-api.ts'
import { world } from '../fixtures/world.ts'

/** The pages alone for the tests of a file, with typed answers behind them; called once, at its head. */
export function servePages() {
  let pages: Awaited<ReturnType<typeof startPages>>
  test.beforeAll(async () => {
    test.setTimeout(600_000)
    pages = await startPages()
  })
  test.afterAll(() => pages.stop())
  return {
    /** Opens a page at the fixtures' present. `topics`: what the live stream tells. */
    open: async (
      page: Page,
      path: string,
      handlers: Handlers = world(),
      topics?: () => string[],
    ): Promise<void> => {
      await page.clock.setFixedTime(present)
      await mockApi(page, handlers, topics)
      await page.goto(`${pages.address}${path}`)
    },
  }
}

/** The row of the inbox under the cursor, and the proposal that is read. */
export const selected = (page: Page) => page.locator('a[aria-current="true"]')
export const proposal = (page: Page) => page.getByRole('article')
