import { expect, test } from '@playwright/test'
import type { RouterInputs } from '../server/api/router.ts'
import { answer } from './fixtures/mock-api.ts'
import { engineTrial, policyEngine, policyEngineAnswers } from './fixtures/policy-engine.ts'
import { rulesAnswers, rulesView } from './fixtures/rules.ts'
import { world } from './fixtures/world.ts'
import { axeFindings } from './support/axe.ts'
import { servePages } from './support/pages.ts'

const { open } = servePages()

test('a rule is drafted, held against the past, and published with a reason', async ({ page }) => {
  const saved: RouterInputs['rules']['saveDraft'][] = []
  const published: RouterInputs['rules']['publish'][] = []
  const handlers = {
    ...world(['admin']),
    ...rulesAnswers(() => rulesView(saved.length > 0)),
    ...answer('rules', 'saveDraft', (input) => {
      saved.push(input)
      return { draftNumber: 7 }
    }),
    ...answer('rules', 'publish', (input) => {
      published.push(input)
      return { version: 4 }
    }),
  }
  await open(page, '/policies?view=rules', handlers)
  await expect(page.getByText('Version 3 is in force: 4 rules.')).toBeVisible()
  await expect(page.getByText('$14,040 spent, $19,320 by the month’s end')).toBeVisible()

  await page.getByRole('button', { name: 'Add a rule' }).click()
  const editor = page.getByRole('dialog', { name: 'Add a rule' })
  await editor.getByLabel('Name').fill('GPU hour')
  await expect(editor).toContainText('use a–z, 0–9 and "-", at most 63')
  await editor.getByLabel('Name').fill('gpu-hour')
  await editor.getByLabel('Limit, $ a month').fill('-1')
  await expect(editor).toContainText('must be more than 0')
  await editor.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Written in Cedar' }).click()
  await expect(editor).toContainText('Cedar reads one policy: name-it')
  await editor.getByRole('textbox', { name: 'Tests' }).fill('nobody: forbid colour=red')
  await expect(editor).toContainText('there is no fact "colour"')
  await editor.getByRole('textbox', { name: 'Tests' }).fill('spot: forbid market=spot')
  await expect(editor.getByRole('list', { name: 'What the tests brought' })).toContainText('spot: forbidden')
  expect(await axeFindings(page)).toEqual([])
  await editor.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Budget of a month' }).click()
  await editor.getByLabel('Limit, $ a month').fill('9000')
  expect(await axeFindings(page)).toEqual([])
  await editor.getByRole('button', { name: 'Save in the draft' }).click()
  await expect(editor).toHaveCount(0)
  expect(saved[0]?.basedOnDraft).toBe(7)
  expect(saved[0]?.rules.at(-1)).toMatchObject({ name: 'gpu-hour', kind: 'cost-per-month', limitUsd: 9_000 })

  await page.getByRole('button', { name: 'Back-test and publish' }).click()
  const sheet = page.getByRole('dialog', { name: 'Publish version 4 of the rules' })
  await expect(sheet).toContainText('Nearest that complies: 26 → 29 on cloud-a-eu-west')
  const publish = sheet.getByRole('button', { name: 'Publish version 4' })
  await expect(publish).toBeDisabled()
  await sheet.getByLabel('Why').fill('A cap until the new nodes are in')
  await publish.click()
  await expect(sheet).toHaveCount(0)
  expect(published).toEqual([
    { draftNumber: 7, basedOnVersion: 3, reason: 'A cap until the new nodes are in' },
  ])
})

test('a policy engine is tried, put in force and taken away with a reason, by keyboard', async ({ page }) => {
  const tried: RouterInputs['policyEngine']['test'][] = []
  const set: RouterInputs['policyEngine']['set'][] = []
  const removed: RouterInputs['policyEngine']['remove'][] = []
  const none = { version: 0, engine: null, updatedAt: null, recent: [] }
  const shown = () => (set.length > removed.length ? policyEngine : none)
  const answers = policyEngineAnswers(shown)
  await open(page, '/policies?view=engine', {
    ...world(['admin']),
    ...answers,
    ...answer('policyEngine', 'test', (input) => {
      tried.push(input)
      return engineTrial
    }),
    ...answer('policyEngine', 'set', (input) => {
      set.push(input)
      return shown()
    }),
    ...answer('policyEngine', 'remove', (input) => {
      removed.push(input)
      return shown()
    }),
  })
  await page.getByRole('button', { name: 'Connect a policy engine' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Connect a policy engine' })
  await page.keyboard.type('opa')
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Enter an address, such as https://opa.example.org')
  await expect(dialog).toContainText('say why in at least three characters')
  expect(set).toEqual([])
  await dialog.getByLabel('Address of the decision').fill('https://opa.example.org/v1/data/infrasage/verdict')
  await dialog.getByRole('button', { name: 'Try it once' }).press('Enter')
  await expect(dialog).toContainText('Nothing of it counts.')
  await dialog.getByText('Question and answer').press('Enter')
  await expect(dialog).toContainText('infrasage-policy-input/1')
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByLabel('Why').fill('agreed with security')
  await dialog.getByRole('button', { name: 'Put it in force' }).press('Enter')
  await expect(dialog).toHaveCount(0)
  const settings = {
    url: 'https://opa.example.org/v1/data/infrasage/verdict',
    timeoutMs: 2_000,
    enforcement: 'hard-mandatory',
  }
  expect(tried).toEqual([{ settings }])
  expect(set).toEqual([{ ...settings, reason: 'agreed with security', basedOn: 0 }])

  await expect(page.getByRole('region', { name: 'What it said lately' })).toContainText('no verdict')
  await page.getByRole('button', { name: 'Remove' }).press('Enter')
  await page.keyboard.type('it moved house')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('button', { name: 'Connect a policy engine' })).toBeVisible()
  expect(removed).toEqual([{ reason: 'it moved house', basedOn: 3 }])
})
