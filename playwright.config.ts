import { defineConfig } from '@playwright/test'
import { findBrowser } from './e2e/browser.ts'

/** Files that ask nothing of the shared product: they answer the API themselves, or start a product of their own. */
const alone = ['evaluation', 'first-start', 'inbox', 'rules', 'screens'].map((name) => `**/${name}.e2e.ts`)

/**
 * Browser tests: one product for all files, started once; each test has a workload of its own in it. Those that wait for the
 * product stand in one row, and those that do without it in another beside it.
 */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  globalSetup: './e2e/support/global-setup.ts',
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  projects: [
    { name: 'product', testIgnore: alone, workers: 1 },
    { name: 'alone', testMatch: alone, workers: 1 },
  ],
  use: {
    launchOptions: findBrowser(),
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    screenshot: 'only-on-failure',
  },
})
