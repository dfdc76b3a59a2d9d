import { expect, test } from '@playwright/test'
import { present } from './fixtures/catalog.ts'
import { answer, type Handlers, Refusal } from './fixtures/mock-api.ts'
import { plan } from './fixtures/plans.ts'
import { decisionRow, proposalDetail, proposalRow } from './fixtures/proposals.ts'
import { movePlan, moveRow, stopRow } from './fixtures/sagas.ts'
import { hashOf, rowsOf, world } from './fixtures/world.ts'
import { proposal, selected, servePages } from './support/pages.ts'

/** The inbox against typed answers: what people see and press, in states that a real system reaches seldom. */
const { open } = servePages()

/** A world in which the first proposal is replaced by #190 as somebody decides on it. */
function replacing(verb: 'approve' | 'override'): Handlers {
  const rows = rowsOf(3)
  const [old] = rows
  if (!old) throw new Error('the world has proposals')
  const next = proposalRow(90, { workload: old.workload, toReplicas: 21, costChangePerHourUsd: 18.27 })
  let replaced = false
  const refuse = () => {
    replaced = true
    throw new Refusal('CONFLICT', 'system: advance superseded #100.')
  }
  return {
    ...world(),
    ...(verb === 'approve' ? answer('proposal', 'approve', refuse) : answer('proposal', 'override', refuse)),
    ...answer('proposal', 'get', ({ id }) => {
      const row = [...rows, next].find((each) => each.id === id) ?? old
      const detail = proposalDetail(row, hashOf(row.id, plan(row.toReplicas)))
      if (row !== old || !replaced) return detail
      return { ...detail, state: 'superseded' as const, successor: { ...next, actions: plan(21).actions } }
    }),
    ...answer('proposal', 'list', () => ({
      rows: replaced ? [...rows.slice(1), next] : rows,
      nextCursor: null,
    })),
  }
}

test.describe('a decision by keyboard', () => {
  test('j and k move, a shows exactly what is sent, Enter sends what was seen', async ({ page }) => {
    const sent: unknown[] = []
    const handlers = world()
    const approve = answer('proposal', 'approve', (input) => {
      sent.push(input)
      throw new Refusal('CONFLICT', 'Ben Operator approved it 4 s ago.')
    })
    await open(page, '/inbox', { ...handlers, ...approve })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('j')
    await expect(selected(page)).toContainText('code-assist')
    await page.keyboard.press('k')
    await expect(selected(page)).toContainText('chat-llm')
    await expect(proposal(page).getByText('Chat assistant')).toBeVisible()
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Approve 12 → 19 for chat-llm?')
    await expect(dialog).toContainText('48213')
    await expect(dialog).toContainText('equals what is shown')
    await expect(dialog.getByRole('button', { name: 'Approve 12 → 19' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByText('Ben Operator approved it 4 s ago.')).toBeVisible()
    await expect(page.getByText('Not sent: it was not as you saw it')).toBeVisible()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ revision: 1, proposalId: rowsOf(1)[0]?.id })
  })

  test('what is replaced while it is read stays open and in its place, and leads to what replaced it', async ({
    page,
  }) => {
    await open(page, '/inbox', replacing('approve'))
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    const notice = proposal(page).getByText('#190 replaced #100')
    await expect(notice).toBeVisible()
    await expect(proposal(page)).toContainText('12 → 19 replicas, now 12 → 21 replicas')
    await expect(proposal(page)).toContainText('+$14.21/h, now +$18.27/h')
    await expect(selected(page)).toContainText('12 → 21')
    await page.getByRole('button', { name: 'Go to #190' }).click()
    await expect(page.getByRole('article', { name: 'Proposal 190' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem').first()).toContainText(
      '12 → 21',
    )
  })

  test('an override that came too late is carried to what replaced the proposal', async ({ page }) => {
    await open(page, '/inbox', replacing('override'))
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('o')
    await proposal(page).getByLabel('Replicas').fill('15')
    await proposal(page).getByRole('textbox', { name: 'Why' }).fill('the launch is smaller')
    await expect(proposal(page).getByRole('button', { name: 'Override: send 12 → 15' })).toBeEnabled()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Open #190 with these numbers' }).click()
    const next = page.getByRole('article', { name: 'Proposal 190' })
    await expect(next.getByLabel('Replicas')).toHaveValue('15')
    await expect(next.getByRole('textbox', { name: 'Why' })).toHaveValue('the launch is smaller')
    await page.keyboard.press('Escape')
    await expect(next.getByRole('button', { name: 'Override' })).toBeFocused()
  })

  test('the whole inbox by keyboard alone: select, decide together, snooze, override elsewhere, search, undo', async ({
    page,
  }) => {
    const sent: Record<string, unknown[]> = { batch: [], snooze: [], preview: [], undo: [] }
    const approved = proposalRow(60, { state: 'approved', dispatchState: 'pending' })
    const handlers = world()
    const remember = (name: string, of: keyof typeof sent): Handlers => {
      const usual = (handlers as Record<string, (input: unknown) => unknown>)[name]
      const reply = (input: unknown) => {
        sent[of]?.push(input)
        return usual?.(input)
      }
      return { [name]: reply } as Handlers
    }
    await open(page, '/inbox', {
      ...handlers,
      ...remember('proposal.decideBatch', 'batch'),
      ...remember('proposal.snooze', 'snooze'),
      ...remember('proposal.previewOverride', 'preview'),
      ...answer('proposal', 'undo', (input) => {
        sent.undo?.push(input)
        return proposalDetail(approved, '0'.repeat(64))
      }),
      ...answer('proposal', 'list', ({ state }) => ({
        rows: state?.includes('approved') ? [approved] : rowsOf(7),
        nextCursor: null,
      })),
      ...answer('proposal', 'get', ({ id }) => {
        const row = [approved, ...rowsOf(7)].find((each) => each.id === id) ?? approved
        const detail = proposalDetail(row, hashOf(row.id, plan(row.toReplicas)))
        if (row !== approved) return detail
        const notBefore = new Date(present + 5_000).toISOString()
        return { ...detail, undo: { decisionId: decisionRow(row).id, notBefore, notAfter: null } }
      }),
    })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()

    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await expect(page.getByRole('region', { name: 'Selected proposals' })).toContainText('2 selected')
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('Approve 2 proposals?')
    await expect(dialog).toContainText('Together +$18.27/h')
    await page.keyboard.type('the launch is on')
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(dialog).toContainText('1 of 2 approved, 1 refused')
    await expect(dialog.getByRole('list', { name: 'Results' })).toContainText('Reason: a test.')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(sent.batch).toMatchObject([{ verdict: 'approve', reason: 'the launch is on' }])
    await expect(page.getByRole('region', { name: 'Selected proposals' })).toHaveCount(0)

    await page.keyboard.press('k')
    await page.keyboard.press('s')
    await expect(dialog).toContainText('Snooze #100 for chat-llm?')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(sent.snooze).toMatchObject([{ until: new Date(present + 180_000).toISOString() }])

    await page.keyboard.press('o')
    const form = page.getByRole('form', { name: 'Override' })
    await expect(form.getByRole('spinbutton')).toBeFocused()
    await expect(form.getByRole('combobox', { name: 'Instead at another place' })).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('option', { name: 'Instead at …' })).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('option', { name: /L4 owned at Basement/ })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(form.getByRole('spinbutton')).toHaveCount(2)
    await expect(form.getByRole('spinbutton').last()).toBeFocused()
    // Seven replicas of 8 req/s, in replicas of 4 req/s beside the four that stand.
    await expect.poll(() => sent.preview?.at(-1)).toMatchObject({ setPoints: [{ to: 12 }, { to: 18 }] })
    await page.keyboard.press('Escape')
    await expect(form).toHaveCount(0)

    await page.keyboard.press('/')
    await page.keyboard.type('arsxu')
    await expect(page).toHaveURL(/q=arsxu/)
    await expect(dialog).toHaveCount(0)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(dialog).toContainText('snooze: put it off until a time')
    await page.keyboard.press('Escape')

    await page.goto(new URL('/inbox?view=approved', page.url()).href)
    await expect(proposal(page).getByText('Will be sent in 5')).toBeVisible()
    await page.keyboard.press('u')
    await expect(page.getByText('is undone; it waits again')).toBeVisible()
    expect(sent.undo).toHaveLength(1)
  })

  test('nothing fires while somebody types', async ({ page }) => {
    await open(page, '/inbox')
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.getByRole('searchbox', { name: 'Search proposals' }).fill('')
    await page.keyboard.type('aor?jk')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('form', { name: 'Override' })).toHaveCount(0)
    await expect(page).toHaveURL(/q=aor/)
  })

  test('an override is recomputed, and cannot be sent where policy forbids it', async ({ page }) => {
    await open(page, '/inbox')
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('o')
    const form = page.getByRole('form', { name: 'Override' })
    await expect(form.getByRole('spinbutton')).toBeFocused()
    await page.keyboard.type('27')
    await expect(form).toContainText('Policy forbids 12 → 27')
    await expect(form).toContainText('27 replicas, but the limit is at most 24.')
    await expect(form.getByRole('button', { name: 'Override: send 12 → 27' })).toBeDisabled()
    await form.getByRole('spinbutton').fill('15')
    await expect(form).toContainText('+$6.09/h')
    const send = form.getByRole('button', { name: 'Override: send 12 → 15' })
    await expect(send).toBeEnabled()
    await send.click()
    await expect(form).toContainText('Say why in at least three characters.')
    await page.keyboard.press('Escape')
    await expect(form).toHaveCount(0)
  })

  test('a reject wants a reason', async ({ page }) => {
    const reasons: string[] = []
    const handlers = world()
    const reject = answer('proposal', 'reject', (input) => {
      reasons.push(input.reason)
      throw new Refusal('CONFLICT', 'It expired meanwhile.')
    })
    await open(page, '/inbox', { ...handlers, ...reject })
    await expect(proposal(page).getByText('Alternatives')).toBeVisible()
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Reject' }).click()
    await expect(dialog).toContainText('Say why in at least three characters.')
    await dialog.getByLabel('Why').fill('A launch was moved')
    await page.keyboard.press('Control+Enter')
    await expect(dialog.getByRole('alert')).toContainText('It expired meanwhile.')
    expect(reasons).toEqual(['A launch was moved'])
  })

  test('an auditor reads, and is offered nothing to do', async ({ page }) => {
    await open(page, '/inbox', world(['auditor']))
    await expect(proposal(page).getByText('Only operators decide.')).toBeVisible()
    await page.keyboard.press('a')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})

test('new rows wait behind a count and move nothing', async ({ page }) => {
  let rows = rowsOf(5)
  const list = answer('proposal', 'list', () => ({ rows, nextCursor: null }))
  let topics: string[] = []
  await open(page, '/inbox', { ...world(), ...list }, () => topics)
  await expect(selected(page)).toContainText('chat-llm')
  const before = await selected(page).boundingBox()
  rows = [proposalRow(90), proposalRow(91), ...rows]
  topics = ['proposal']
  const button = page.getByRole('button', { name: /2 new/ })
  await expect(button).toBeVisible()
  await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem')).toHaveCount(5)
  const after = await selected(page).boundingBox()
  expect(after?.x).toBe(before?.x)
  await button.click()
  await expect(page.getByRole('region', { name: 'Proposals' }).getByRole('listitem')).toHaveCount(7)
})

test('ten thousand proposals scroll without drawing them all', async ({ page }) => {
  await open(page, '/inbox', world(['operator'], 10_000))
  const list = page.getByRole('region', { name: 'Proposals' })
  await expect(list.getByRole('listitem').first()).toBeVisible()
  const height = () => list.evaluate((element) => element.scrollHeight)
  await page.evaluate(() => {
    const note = (ms: number) => {
      document.body.dataset.longest = String(Math.max(ms, Number(document.body.dataset.longest ?? 0)))
    }
    new PerformanceObserver((seen) => {
      for (const { duration } of seen.getEntries()) note(duration)
    }).observe({ type: 'longtask' })
  })
  for (const loaded of [2, 3, 4]) {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect.poll(height).toBeGreaterThanOrEqual(loaded * 200 * 56 - 1)
  }
  expect(await list.getByRole('listitem').count()).toBeLessThan(60)
  const longest = await page.evaluate(() => document.body.dataset.longest ?? 'none above 50')
  console.log(`  longest task while 800 rows came and scrolled: ${longest} ms`)
  await page.keyboard.press('j')
  await expect(selected(page)).toContainText('code-assist')
})

test('an empty inbox says what would be here', async ({ page }) => {
  await open(page, '/inbox', world(['operator'], 0))
  await expect(page.getByText('Nothing waits for a decision')).toBeVisible()
})

test('on a phone the list leads to the proposal and back', async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  await open(page, '/inbox')
  await expect(proposal(page)).toBeHidden()
  await page.getByRole('listitem').filter({ hasText: 'chat-llm' }).first().getByRole('link').click()
  await expect(proposal(page).getByRole('button', { name: /Approve 12 → 19/ })).toBeVisible()
  const stop = await page.getByRole('button', { name: 'Stop all dispatch' }).boundingBox()
  expect(stop && stop.x + stop.width, 'it needs no scrolling').toBeLessThanOrEqual(390)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(proposal(page)).toBeHidden()
  await context.close()
})

test('a saga shows its stages and what takes it back; every set-point can be overridden', async ({
  page,
}) => {
  const asked: unknown[] = []
  const preview = answer('proposal', 'previewOverride', (input) => {
    asked.push(input)
    const content = movePlan()
    return {
      content,
      contentHash: hashOf(input.proposalId, content),
      difference: [],
      riskUntilStart: null,
      outOfReach: null,
    }
  })
  const list = answer('proposal', 'list', () => ({ rows: [moveRow, stopRow], nextCursor: null }))
  await open(page, '/inbox', { ...world(), ...list, ...preview })
  await expect(selected(page)).toContainText('move · 3 actions · 2 workloads')
  const stages = proposal(page).getByRole('region', { name: 'What is done, in order' })
  await expect(stages.getByRole('listitem').first()).toContainText('suspend embed-nightly-0412')
  await expect(stages).toContainText('once 2 stands verified')
  await expect(stages).toContainText('$28.80/h')
  await page.keyboard.press('a')
  await expect(page.getByRole('dialog')).toContainText('equals what is shown')
  await page.keyboard.press('Escape')
  await page.keyboard.press('o')
  const form = page.getByRole('form', { name: 'Override' })
  await form.getByLabel('chat-llm-owned-a100, replicas').fill('5')
  await expect(form.getByRole('button', { name: 'Override: send chat-llm-owned-a100 3 → 5' })).toBeEnabled()
  expect(asked.at(-1)).toMatchObject({ setPoints: [{ to: 0 }, { to: 5 }, { to: 8 }] })
  await form.getByRole('spinbutton').first().press('Escape')
  await page.keyboard.press('j')
  await expect(stages).toContainText('nothing is taken back')
  await expect(proposal(page).getByRole('button', { name: 'Approve cancel for good' })).toBeEnabled()
  const choices = proposal(page).getByRole('region', { name: 'Alternatives' })
  await expect(choices.getByRole('row', { name: /Suspend; it can be resumed/ })).toContainText('suspend')
  await page.keyboard.press('o')
  await expect(form.getByRole('radio', { name: 'suspend' })).toBeChecked()
  await expect(form.getByRole('button', { name: 'Override: send suspend' })).toBeEnabled()
  expect(asked.at(-1)).toMatchObject({ setPoints: [{ to: 0, kind: 'suspend' }] })
  await form.getByRole('radio', { name: /cancel for good/ }).check()
  await expect(form.getByRole('button', { name: 'Override', exact: true })).toBeDisabled()
})
